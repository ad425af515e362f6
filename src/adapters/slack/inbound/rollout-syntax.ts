import { type Grammar, type Misread, readWords } from '#adapters/slack/inbound/read-words.ts';
import { readOnOrOff } from '#adapters/words/on-or-off.ts';
import type { FlagValue } from '#domain/flag.ts';
import type { Strategy } from '#domain/plan.ts';
import type { Result } from '#domain/result.ts';

/** What somebody asks of `/rollout`. */
export type RolloutRequest =
  | {
      readonly ask: 'start';
      readonly service: string;
      readonly version: string;
      readonly strategy?: Strategy;
      readonly note: string;
    }
  | { readonly ask: 'status' | 'history' | 'why'; readonly service: string }
  | { readonly ask: 'promote' | 'drill'; readonly service: string }
  | {
      readonly ask: 'pause' | 'resume' | 'abort';
      readonly service: string;
      readonly reason: string;
    }
  | {
      readonly ask: 'rollback';
      readonly service: string;
      /** Only when it was written as `<service>@<version>`; else it may begin the reason. */
      readonly version: string;
      readonly reason: string;
    }
  | {
      readonly ask: 'unlock';
      readonly service: string;
      readonly version: string;
      readonly reason: string;
    }
  | { readonly ask: 'whois'; readonly service: string; readonly key: string }
  | { readonly ask: 'flag_set'; readonly key: string; readonly value: string }
  | {
      readonly ask: 'flag_allow' | 'flag_disallow';
      readonly key: string;
      readonly users: readonly string[];
    }
  | { readonly ask: 'flag_archive'; readonly key: string }
  | { readonly ask: 'list' | 'flag_list' | 'help' };

/** The whole grammar. A key is the usage line that people are shown, and what the reader reads. */
const GRAMMAR: Grammar<RolloutRequest> = {
  'start <service> <version> [strategy] [note…]': ({ service, version, strategy, reason }) => ({
    ask: 'start',
    service,
    version,
    note: reason,
    ...(strategy && { strategy }),
  }),
  'status [service]': ({ service }) => ({ ask: 'status', service }),
  list: () => ({ ask: 'list' }),
  'promote <service>': ({ service }) => ({ ask: 'promote', service }),
  'pause|resume <service> [reason]': ({ command, service, reason }) => ({
    ask: command === 'pause' ? 'pause' : 'resume',
    service,
    reason,
  }),
  'rollback <service> [version] [reason]': ({ service, version, reason }) => ({
    ask: 'rollback',
    service,
    version,
    reason,
  }),
  'abort <service> [reason]': ({ service, reason }) => ({ ask: 'abort', service, reason }),
  'unlock <service> <version> <reason>': ({ service, version, reason }) => ({
    ask: 'unlock',
    service,
    version,
    reason,
  }),
  'why <service>': ({ service }) => ({ ask: 'why', service }),
  'whois <service> <key>': ({ service, key }) => ({ ask: 'whois', service, key }),
  'drill <service>': ({ service }) => ({ ask: 'drill', service }),
  'history [service]': ({ service }) => ({ ask: 'history', service }),
  'flag list': () => ({ ask: 'flag_list' }),
  'flag set <key> on|off|<percent>%': ({ key, value }) => ({ ask: 'flag_set', key, value }),
  'flag allow|disallow <key> <user>…': ({ command, key, users }) => ({
    ask: command === 'flag allow' ? 'flag_allow' : 'flag_disallow',
    key,
    users,
  }),
  'flag archive <key>': ({ key }) => ({ ask: 'flag_archive', key }),
  help: () => ({ ask: 'help' }),
};

export const ROLLOUT_USAGE = Object.keys(GRAMMAR);

export function readRollout(text: string): Result<RolloutRequest, Misread> {
  // People write `25 %`, and a percent sign of its own would be a word too many.
  return readWords(GRAMMAR, text.replace(/(\d)\s+%/g, '$1%'));
}

/** Whole percents only, as both doors of the agents count them. */
export function readFlagValue(text: string): FlagValue | undefined {
  const state = readOnOrOff(text);
  if (state) return { state, percent: state === 'on' ? 100 : 0 };
  const percent = Number(/^(\d{1,3})%$/.exec(text)?.[1]);
  return percent <= 100 ? { state: 'percentage', percent } : undefined;
}
