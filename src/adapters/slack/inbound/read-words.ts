/**
 * Reads what people type after a command. A grammar is a table whose keys are the usage lines that
 * people are shown, so help and reader cannot disagree:
 *
 *   pause|resume   one of these words              <service>   a word that must be there
 *   [service]      a word that may be there        [reason…]   all that is left, or nothing
 *   <user>…        at least one word, as many as there are
 */
import { asTyped, fromPerson } from '#adapters/words/escape.ts';
import { findNearest } from '#domain/nearest.ts';
import { STRATEGIES, type Strategy } from '#domain/plan.ts';
import { no, type Result, yes } from '#domain/result.ts';

export type Slots = {
  /** The words of the command itself, as typed: `pause`, `flag allow`. */
  readonly command: string;
  readonly service: string;
  readonly version: string;
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly strategy?: Strategy;
  readonly reason: string;
  readonly users: readonly string[];
};

export type Grammar<Request> = Readonly<Record<string, (slots: Slots) => Request>>;
export type Misread = { readonly problem: string; readonly usage: readonly string[] };

export function readWords<Request>(
  grammar: Grammar<Request>,
  text: string,
): Result<Request, Misread> {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const rows = Object.entries(grammar);
  const row = rows.find(([usage]) => commandOf(usage, words) !== undefined);
  if (!row) return no(unknownWord(Object.keys(grammar), words));

  const [usage, request] = row;
  const command = commandOf(usage, words) ?? [];
  const filled = fill(usage, words.slice(command.length));
  if (!filled.ok) return no({ problem: filled.refusal, usage: [usage] });
  return yes(request({ ...NOTHING, ...filled.value, command: command.join(' ') }));
}

const NOTHING = { service: '', version: '', key: '', name: '', value: '', reason: '', users: [] };

const isSlot = (token: string) =>
  token.startsWith('<') || token.startsWith('[') || token.includes('<');
const headOf = (usage: string) => usage.split(' ').filter((token) => !isSlot(token));

/** The words that say which row is meant, or undefined when they are not this row's. */
function commandOf(usage: string, words: readonly string[]): readonly string[] | undefined {
  const typed = words.slice(0, headOf(usage).length).map((word) => word.toLowerCase());
  const isRow = headOf(usage).every((token, at) => token.split('|').includes(typed[at] ?? ''));
  return isRow ? typed : undefined;
}

type Filled = { -readonly [Name in keyof Slots]?: Slots[Name] };

function fill(usage: string, typed: readonly string[]): Result<Filled, string> {
  const tokens = usage.split(' ').filter(isSlot);
  const { words, ...filled } = separateVersion(tokens, typed);
  for (const token of tokens) {
    const taken = take(token, words);
    if (!taken) return no(QUESTIONS[nameOf(token)] ?? 'Something is missing there.');
    Object.assign(filled, taken);
  }
  return words.length === 0 ? yes(filled) : no(`I cannot place “${fromPerson(words.join(' '))}”.`);
}

/** `support-agent@2.4.0` is accepted wherever a service is followed by a version. */
function separateVersion(
  [first, second]: readonly string[],
  words: readonly string[],
): Filled & { words: string[] } {
  const [service = '', version] = words[0]?.split('@') ?? [];
  if (first !== '<service>' || !version) return { words: [...words] };
  if (second === '<version>') return { words: [service, version, ...words.slice(1)] };
  return second === '[version]'
    ? { version, words: [service, ...words.slice(1)] }
    : { words: [...words] };
}

/** Takes the words of one slot off the list; undefined when one that must be there is missing. */
function take(token: string, words: string[]): Filled | undefined {
  const name = nameOf(token);
  const isOptional = token.startsWith('[');
  if (name === 'strategy') return takeStrategy(words);
  // Whether it is a version or the first word of the reason depends on the service's history.
  if (token === '[version]') return {};
  if (name === 'reason' || name === 'note') {
    const reason = asTyped(words.splice(0).join(' '));
    return reason || isOptional ? { reason } : undefined;
  }
  if (name === 'user') return words.length > 0 ? { users: keysIn(words.splice(0)) } : undefined;
  const word = words.shift();
  if (word === undefined) return isOptional ? {} : undefined;
  const typed = asTyped(word);
  return { [name]: LOWER_CASE.has(name) ? typed.toLowerCase() : typed };
}

const keysIn = (words: readonly string[]) => [...new Set(words.map(asTyped))];

/** Services and switches are written small; a phone writes the first letter large. */
const LOWER_CASE = new Set(['service', 'name']);

function takeStrategy(words: string[]): Filled {
  const typed = words[0]?.toLowerCase().replace(/^blue_?green$/, 'blue-green');
  const strategy = STRATEGIES.find((one) => one === typed);
  if (!strategy) return {};
  words.shift();
  return { strategy };
}

const nameOf = (token: string) =>
  token.includes('|') ? 'value' : token.replaceAll(/[<>[\]…]/g, '');

const QUESTIONS: Readonly<Record<string, string>> = {
  service: 'Which service?',
  version: 'Which version?',
  key: 'Which key?',
  name: 'Which kill switch?',
  value: 'To what? `on`, `off` or a percentage such as `25%`.',
  reason: 'Please say why, in a few words.',
  user: 'For whom? Name at least one targeting key.',
};

/** Comparing takes time by the letter, and anything may have been typed. */
const LETTERS_MAX = 64;

/** What was probably meant, or else everything there is. */
function unknownWord(usages: readonly string[], words: readonly string[]): Misread {
  const [typed = '', second = ''] = words.map((word) => word.slice(0, LETTERS_MAX).toLowerCase());
  const family = usages.filter((usage) => firstWords(usage).includes(typed));
  if (family.length > 0) {
    const seconds = family.flatMap((usage) => headOf(usage)[1]?.split('|') ?? []);
    const meant = findNearest(second, seconds);
    const fitting = family.filter((usage) => meant && headOf(usage)[1]?.split('|').includes(meant));
    return {
      problem: second
        ? `I do not know “${fromPerson(`${typed} ${second}`)}”.`
        : 'Please say what to do.',
      usage: fitting.length > 0 ? fitting : family,
    };
  }
  const meant = findNearest(typed, usages.flatMap(firstWords));
  const fitting = usages.filter((usage) => meant && firstWords(usage).includes(meant));
  const problem = typed ? `I do not know “${fromPerson(typed)}”.` : 'Please say what to do.';
  return { problem, usage: fitting.length > 0 ? fitting : usages };
}

const firstWords = (usage: string) => headOf(usage)[0]?.split('|') ?? [];
