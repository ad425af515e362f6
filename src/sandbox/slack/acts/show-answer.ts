/** What an app answers a command or click with, in its acknowledgement or over the response_url. */
import { changeMessage, findMessage, postMessage, removeMessage } from '#sandbox/slack/messages.ts';
import type { ResponseUrl } from '#sandbox/slack/response-urls.ts';
import { type Arguments, isRecord } from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal, readContent } from '#sandbox/slack/web-api/content.ts';
import { type Refusal, refuse } from '#sandbox/slack/web-api/method.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

type Where = Pick<ResponseUrl, 'channel' | 'by' | 'messageTs' | 'threadTs'>;

/** Undefined when all went well. */
export function showAnswer(
  workspace: Workspace,
  where: Where,
  answer: unknown,
): Refusal | undefined {
  if (typeof answer === 'string') return show(workspace, where, { text: answer });
  if (!isRecord(answer)) return refuse('invalid_payload');
  const original = where.messageTs && findMessage(workspace, where.channel, where.messageTs);
  if (answer['delete_original'] === true) {
    if (original) removeMessage(workspace, original);
    return undefined;
  }
  if (answer['replace_original'] !== true || !original) return show(workspace, where, answer);
  const content = readContent(answer);
  if (isRefusal(content)) return content;
  changeMessage(workspace, original, content);
  return undefined;
}

function show(workspace: Workspace, where: Where, answer: Arguments): Refusal | undefined {
  const content = readContent(answer);
  if (isRefusal(content)) return content;
  const threadTs = answer['thread_ts'] ?? where.threadTs;
  postMessage(workspace, {
    ...content,
    channel: where.channel,
    by: workspace.app.botUserId,
    threadTs: typeof threadTs === 'string' ? threadTs : undefined,
    onlyFor: answer['response_type'] === 'in_channel' ? undefined : where.by,
  });
  return undefined;
}
