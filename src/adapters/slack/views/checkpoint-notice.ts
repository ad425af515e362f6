/** A checkpoint of the register as text, so that a person can copy it and hold the register against it. */
import { said, type View, view } from '#adapters/slack/views/blocks.ts';
import { escapeMrkdwn } from '#adapters/words/escape.ts';

const HOW = 'Save this text to a file to check the register: `signalman audit verify --checkpoint`';

export function checkpointNotice(note: string): View {
  const [, size] = note.split('\n');
  const words = `Checkpoint of the register at ${size} entries.`;
  const copied = escapeMrkdwn(note.trim());
  return view(words, [said(words), said(`\`\`\`\n${copied}\n\`\`\``), said(HOW)]);
}
