import { clipMarkup } from '#adapters/slack/views/blocks.ts';
import { quoting } from '#adapters/words/escape.ts';
import { LEADS, withoutLead } from '#adapters/words/verdict-leads.ts';
import type { Verdict } from '#domain/verdict.ts';

const CHARACTERS_MAX = 1_200;

/** What the policy says in a few words, without a number. */
export const verdictLead = ({ reason }: Verdict) => LEADS[reason];

/** What the policy says and why, with its numbers. Errors of a metrics source are quoted in it. */
export function verdictWords({ reason, words }: Verdict): string {
  const rest = quoting(withoutLead(words));
  return clipMarkup(`*${LEADS[reason]}* ${rest}`, CHARACTERS_MAX);
}
