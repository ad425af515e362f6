import type { Verdict } from '#domain/verdict.ts';

export const LEADS: Readonly<Record<Verdict['reason'], string>> = {
  sla_breach: 'Stop: a limit is broken.',
  error_spike: 'Stop: errors have jumped.',
  rollback_required: 'Stop: it has to go back.',
  no_data: 'Hold: no data.',
  sample_ratio: 'Hold: the split is wrong.',
  suspicion: 'Hold: under suspicion.',
  not_enough_evidence: 'Hold: not enough evidence yet.',
  within_limits: 'Within its limits.',
};

/** How the policy's own words begin: `Stop: sla_breach. `, for whoever reads the register. */
const SAYS_AND_REASON = /^[A-Z][a-z]+: ([a-z_]+)\. /;

export const withoutLead = (words: string) => words.replace(SAYS_AND_REASON, '');

/** The same for people, who are told reasons that the policy or a person gave. */
export function inPlainWords(reason: string): string {
  const [, code = ''] = SAYS_AND_REASON.exec(reason) ?? [];
  return isReason(code) ? `${LEADS[code]} ${withoutLead(reason)}` : reason;
}

const isReason = (code: string): code is Verdict['reason'] => Object.hasOwn(LEADS, code);
