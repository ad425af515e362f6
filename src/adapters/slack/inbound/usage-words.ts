import type { Misread } from '#adapters/slack/inbound/read-words.ts';
import { escapeMrkdwn } from '#adapters/words/escape.ts';

export type Command = '/rollout' | '/killswitch';

/** Usage lines as people type them, in the same words that the reader reads. */
export const usageWords = (command: Command, usage: readonly string[]) =>
  ['```', ...usage.map((line) => escapeMrkdwn(`${command} ${line}`)), '```'].join('\n');

export const misreadWords = (command: Command, { problem, usage }: Misread) =>
  `${problem} ${usage.length === 1 ? 'It goes like this:' : 'This is what I understand:'}\n${usageWords(command, usage)}`;
