/** What a message says, checked the same way however it arrives: posted, edited or as an answer. */
import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { asLogLine } from '#sandbox/slack/blocks/complaint.ts';
import { charactersIn } from '#sandbox/slack/blocks/whole-message.ts';
import {
  type Arguments,
  isRecord,
  isUnreadable,
  jsonArg,
  textArg,
} from '#sandbox/slack/web-api/arguments.ts';
import { type Refusal, refuse } from '#sandbox/slack/web-api/method.ts';

const TEXT_CHARACTERS_MAX = 40_000;
/** Seen once by others; Slack documents no total. */
const BLOCKS_CHARACTERS_MAX = 13_200;
/** The true limit is not documented, so ours is small: metadata is for an id or two. */
const METADATA_BYTES_MAX = 8_000;
const ATTACHMENTS_MAX = 100;

export type Content = {
  readonly text: string;
  readonly blocks: readonly object[];
  readonly metadata?: unknown;
};

export function readContent(args: Arguments): Content | Refusal {
  const blocks = jsonArg(args, 'blocks') ?? [];
  const attachments = jsonArg(args, 'attachments') ?? [];
  const text = textArg(args, 'text') ?? textArg(args, 'markdown_text') ?? '';
  if (isUnreadable(blocks) || !Array.isArray(blocks)) return refuse('invalid_blocks_format');
  if (!Array.isArray(attachments)) return refuse('invalid_attachments');
  if (attachments.length > ATTACHMENTS_MAX) return refuse('too_many_attachments');
  if (args['markdown_text'] && (args['text'] || blocks.length > 0)) {
    return refuse('markdown_text_conflict');
  }
  if (!text && blocks.length === 0 && attachments.length === 0) return refuse('no_text');
  const refusal = refuseBlocks(blocks);
  if (refusal) return refusal;

  const metadata = jsonArg(args, 'metadata');
  if (metadata === undefined) return { text: text.slice(0, TEXT_CHARACTERS_MAX), blocks };
  if (!isRecord(metadata) || !metadata['event_type'] || !isRecord(metadata['event_payload'])) {
    return refuse('invalid_metadata_format');
  }
  if (JSON.stringify(metadata).length > METADATA_BYTES_MAX) return refuse('metadata_too_large');
  return { text: text.slice(0, TEXT_CHARACTERS_MAX), blocks, metadata };
}

function refuseBlocks(blocks: readonly unknown[]): Refusal | undefined {
  const complaints = checkBlocks(blocks, 'message');
  const [first] = complaints;
  if (first?.code === 'only_one_table_allowed') {
    return refuse('only_one_table_allowed', complaints.map(asLogLine));
  }
  if (first) return refuse('invalid_blocks', complaints.map(asLogLine));
  return charactersIn(blocks) > BLOCKS_CHARACTERS_MAX ? refuse('msg_blocks_too_long') : undefined;
}

export const isRefusal = (answer: object): answer is Refusal =>
  'ok' in answer && answer.ok === false;
