import { type Grammar, type Misread, readWords } from '#adapters/slack/inbound/read-words.ts';
import { readOnOrOff } from '#adapters/words/on-or-off.ts';
import type { Result } from '#domain/result.ts';

/** What somebody asks of `/killswitch`. */
export type KillRequest =
  | { readonly ask: 'on' | 'off'; readonly name: string; readonly reason: string }
  | { readonly ask: 'drill'; readonly name: string }
  | { readonly ask: 'list' | 'help' };

const GRAMMAR: Grammar<KillRequest> = {
  'on <name> <reason…>': ({ name, reason }) => ({ ask: 'on', name: bare(name), reason }),
  'off <name> [reason…]': ({ name, reason }) => ({ ask: 'off', name: bare(name), reason }),
  'drill <name>': ({ name }) => ({ ask: 'drill', name: bare(name) }),
  list: () => ({ ask: 'list' }),
  help: () => ({ ask: 'help' }),
};

export const KILLSWITCH_USAGE = Object.keys(GRAMMAR);

export function readKillswitch(text: string): Result<KillRequest, Misread> {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const word = readOnOrOff(first) ?? first;
  return readWords(GRAMMAR, [word, ...rest].join(' '));
}

/** Agents ask for `kill.writes`; whoever copies that key means the switch `writes`. */
const bare = (name: string) => name.replace(/^kill\./, '');
