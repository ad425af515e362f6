import type { Misread } from '#adapters/slack/inbound/read-words.ts';
import {
  exampleOf,
  type NameDeps,
  servicesInWords,
} from '#adapters/slack/inbound/usage-example.ts';
import { escapeMrkdwn } from '#adapters/words/escape.ts';

export type Command = '/rollout' | '/killswitch';

/** Usage lines as people type them, in the same words that the reader reads. */
export const usageWords = (command: Command, usage: readonly string[]) =>
  inCode(usage.map((line) => escapeMrkdwn(`${command} ${line}`)));

const inCode = (lines: readonly string[]) => ['```', ...lines, '```'].join('\n');

/** More than these would be a second list of everything. */
const EXAMPLES_MAX = 3;

/** What was wrong, how it goes, and the same with names that exist here. */
export function misreadWords(
  deps: NameDeps,
  { command, typed }: { readonly command: Command; readonly typed: string },
  { problem, usage }: Misread,
): string {
  const head = `${problem} ${usage.length === 1 ? 'It goes like this:' : 'This is what I understand:'}`;
  const how = [head, usageWords(command, usage)];
  if (usage.length > EXAMPLES_MAX) return how.join('\n');
  const examples = usage.map((line) => exampleOf(deps, { command, usage: line, typed }));
  const isAboutService = usage.some((line) => line.includes('service>'));
  return [
    ...how,
    `For example: ${examples.map((example) => `\`${example}\``).join(', ')}`,
    ...(isAboutService ? [servicesInWords(deps)] : []),
  ].join('\n');
}

type Help = {
  readonly command: Command;
  readonly usage: readonly string[];
  /** The first words of the lines that are worth an example. */
  readonly shown: readonly string[];
};

/** Everything there is, and how the most usual of it looks with the services of this file. */
export function helpWords(deps: NameDeps, { command, usage, shown }: Help): string {
  const lines = usage.filter((line) => shown.includes(line.split(' ')[0] ?? ''));
  return [
    usageWords(command, usage),
    'For example:',
    inCode(lines.map((line) => exampleOf(deps, { command, usage: line }))),
    servicesInWords(deps),
  ].join('\n');
}
