/** All that a message says, for searching. Read once, since a message never changes in place. */
import type { ShownMessage } from '#sandbox/protocol.ts';

const texts = new WeakMap<ShownMessage, string>();

export function wholeText(message: ShownMessage): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = `${message.text} ${JSON.stringify(message.blocks)}`;
  texts.set(message, text);
  return text;
}
