import { clipMarkup } from '#adapters/slack/views/blocks.ts';
import { quoting } from '#adapters/words/escape.ts';
import type { Verdict } from '#domain/verdict.ts';

const LEADS: Readonly<Record<Verdict['reason'], string>> = {
  sla_breach: 'Stop: a limit is broken.',
  error_spike: 'Stop: errors have jumped.',
  rollback_required: 'Stop: it has to go back.',
  no_data: 'Hold: no data.',
  sample_ratio: 'Hold: the split is wrong.',
  suspicion: 'Hold: under suspicion.',
  not_enough_evidence: 'Hold: not enough evidence yet.',
  within_limits: 'Within its limits.',
};
/** How the policy's own words begin; the lead says the same more plainly. */
const SAYS_AND_REASON = /^[A-Z][a-z]+: [a-z_]+\. /;
const CHARACTERS_MAX = 1_200;

/** What the policy says in a few words, without a number. */
export const verdictLead = ({ reason }: Verdict) => LEADS[reason];

/** What the policy says and why, with its numbers. Errors of a metrics source are quoted in it. */
export function verdictWords({ reason, words }: Verdict): string {
  const rest = quoting(words.replace(SAYS_AND_REASON, ''));
  return clipMarkup(`*${LEADS[reason]}* ${rest}`, CHARACTERS_MAX);
}
