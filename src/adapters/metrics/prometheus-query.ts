// Fills the slots of a PromQL template. A value can fill a quoted string and nothing else.

import { significant, type Token, tokenise } from '#adapters/metrics/prometheus-tokens.ts';
import { no, type Result, yes } from '#domain/result.ts';

export type QuerySlots = {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
};

export type QueryRefusal = {
  readonly code: 'unreadable_query' | 'unknown_slot' | 'unquoted_slot' | 'unfit_value';
  /** The name of the query, as it stands in the configuration. */
  readonly query: string;
  readonly words: string;
};

const FIT_VALUE = /^[a-zA-Z0-9_.:-]{1,63}$/;
const SLOT = /\$([a-zA-Z_]+)/g;
const SLOT_OR_ESCAPE = /\\.|\$([a-zA-Z_]+)/g;

/** The query named `query`, ready to be sent, or why it must not be. */
export function fillQuery(
  query: string,
  template: string,
  slots: QuerySlots,
): Result<string, QueryRefusal> {
  const refuse = (code: QueryRefusal['code'], words: string) =>
    no({ code, query, words: `The query ${query} ${words}` });

  const tokens = tokenise(template);
  if (!tokens.ok) {
    return refuse('unreadable_query', `cannot be read from “${tokens.refusal.unreadable}” on.`);
  }

  const filled: string[] = [];
  let before = '';
  for (const token of tokens.value) {
    if (token.kind === 'slot' || (token.kind === 'comment' && token.text.includes('$'))) {
      return refuse('unquoted_slot', `may use ${token.text} only inside quotes.`);
    }
    const text = token.kind === 'string' ? fillString(token.text, isRegex(before), slots) : token;
    if ('unknown' in text) {
      const known = '$service, $version and $environment';
      return refuse('unknown_slot', `asks for $${text.unknown}; there are only ${known}.`);
    }
    if ('unfit' in text) {
      const allowed = 'up to 63 letters, digits and _ . : -';
      return refuse('unfit_value', `cannot be asked: its ${text.unfit} may hold only ${allowed}.`);
    }
    filled.push(text.text);
    if (significant([token]).length > 0) before = token.text;
  }
  return yes(filled.join(''));
}

const isRegex = (operator: string) => operator === '=~' || operator === '!~';

function fillString(quoted: string, inRegex: boolean, slots: QuerySlots) {
  let unknown: string | undefined;
  let unfit: string | undefined;
  const pattern = quoted.startsWith('`') ? SLOT : SLOT_OR_ESCAPE;
  const text = quoted.replace(pattern, (whole: string, name?: string) => {
    if (name === undefined) return whole;
    const value = slotValue(slots, name);
    if (value === undefined) unknown ??= name;
    else if (!FIT_VALUE.test(value)) unfit ??= name;
    // In a regular expression the dot of 2.4.0 would also find 2x4.0.
    return inRegex ? (value ?? '').replaceAll('.', '[.]') : (value ?? '');
  });
  if (unknown !== undefined) return { unknown };
  if (unfit !== undefined) return { unfit };
  return { text };
}

function slotValue(
  { service, version, environment }: QuerySlots,
  name: string,
): string | undefined {
  return new Map(Object.entries({ service, version, environment })).get(name);
}

/** Does the template ask about one version? Without this slot both arms would be the same numbers. */
export const hasVersionSlot = (tokens: readonly Token[]) =>
  tokens.some(({ kind, text }) => kind === 'string' && /\$version(?![a-zA-Z_])/.test(text));
