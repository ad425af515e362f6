/** What a slash command could become, read from the manifest's hints. Pure. */
import type { SlashCommandHint } from '#sandbox/protocol.ts';

export type Completion = {
  /** The line as it would be used, such as `/rollout start <service> <version>`. */
  readonly usage: string;
  readonly description: string;
  /** What the composer holds once it is taken. */
  readonly insert: string;
};

const SHOWN_MAX = 8;

export function findCompletions(
  typed: string,
  commands: readonly SlashCommandHint[],
): readonly Completion[] {
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  const [name = '', ...rest] = typed.split(' ');
  if (rest.length === 0) {
    const fitting = commands.filter(({ command }) => command.startsWith(name.toLowerCase()));
    return fitting.map(({ command, usageHint, description }) => ({
      usage: `${command} ${brief(usageHint)}`.trim(),
      description,
      insert: `${command} `,
    }));
  }
  const hint = commands.find(({ command }) => command === name);
  if (!hint) return [];
  return alternatives(hint.usageHint)
    .filter((usage) => fits(usage, rest))
    .slice(0, SHOWN_MAX)
    .map((usage) => ({
      usage: `${name} ${usage}`,
      description: '',
      insert: `${name} ${inserted(usage, rest)}`,
    }));
}

/** `pause|resume <service> | list` are the three lines `pause <service>`, `resume <service>`, `list`. */
export function alternatives(usageHint: string): readonly string[] {
  return usageHint.split(/\s+\|\s+|\n|,\s+(?=[a-z])/).flatMap((line) => {
    const [first = '', ...rest] = line
      .trim()
      .replace(/^\[(.*)\]$/, '$1')
      .split(' ');
    return first
      .split('|')
      .filter(Boolean)
      .map((word) => [word, ...rest].join(' '));
  });
}

/** Long hints would hide the description; their lines follow once the command is typed. */
function brief(usageHint: string): string {
  const lines = alternatives(usageHint);
  return lines.length <= 2 ? usageHint : '…';
}

/** Words of the grammar must begin as typed; a placeholder takes any word. */
function fits(usage: string, typed: readonly string[]): boolean {
  const words = usage.split(' ');
  return typed.every((word, index) => {
    const expected = words[index] ?? words.at(-1) ?? '';
    if (isPlaceholder(expected)) return true;
    const isLast = index === typed.length - 1;
    const choices = expected.split('|');
    return choices.some((choice) => (isLast ? choice.startsWith(word) : choice === word));
  });
}

/** The words that are fixed so far, so that what follows is for the person to type. */
function inserted(usage: string, typed: readonly string[]): string {
  const words = usage.split(' ');
  const done: string[] = [];
  for (const [index, word] of words.entries()) {
    const isFixed = !isPlaceholder(word) && !word.includes('|');
    const given = typed[index];
    if (isFixed) done.push(word);
    else if (given) done.push(given);
    else return `${done.join(' ')} `;
  }
  const extra = typed.slice(words.length);
  return [...done, ...extra].join(' ');
}

function isPlaceholder(word: string): boolean {
  return /^[<[]|…$/.test(word);
}
