import type { Asker } from '#domain/actor.ts';
import type { AuditDetails, AuditDraft } from '#domain/audit.ts';
import { asDecimal } from '#domain/audit.ts';
import { type Release, weightAt } from '#domain/release.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

type Happened = {
  readonly by: Asker;
  readonly at: Instant;
  readonly action: string;
  readonly reason: string;
  /** The step that is entered or asked for. */
  readonly step?: number;
  readonly from?: string;
  readonly to?: string;
  readonly switchStatus?: AuditDraft['switchStatus'];
  readonly details?: AuditDetails;
};

/** The register's entry for something that was done to a release. */
export function releaseEntry(release: Release, happened: Happened): AuditDraft {
  const { facts } = release;
  const { step, switchStatus } = happened;
  const onLadder = step !== undefined && step < facts.plan.steps.length;
  return {
    at: happened.at,
    actor: happened.by.actor,
    action: happened.action,
    target: { service: facts.service, release: facts.id, version: facts.candidate },
    from: happened.from ?? facts.stable,
    to: happened.to ?? facts.candidate,
    reason: happened.reason,
    outcome: 'done',
    // People count steps from 1.
    ...(onLadder && {
      step: { number: step + 1, weightPercent: weightAt(facts.plan, step) },
    }),
    ...(switchStatus && { switchStatus }),
    ...(happened.details && { details: happened.details }),
  };
}

/** The numbers of a verdict, so that it can be recomputed from the register alone. */
export function verdictDetails(verdict: Verdict): AuditDetails {
  const { figures } = verdict;
  return {
    says: verdict.says,
    reason: verdict.reason,
    ...(verdict.because && { because: verdict.because }),
    words: verdict.words,
    method: 1,
    log_evidence: logAsText(figures.logEvidence),
    windows: figures.windows,
    windows_in_step: figures.windowsInStep,
    over_ms: figures.overMs,
    lines: figures.lines.map((line) => ({
      guard: line.guard,
      against: line.against,
      candidate: armDetails(line.candidate),
      stable: armDetails(line.stable),
      limit: line.limit === undefined ? null : asDecimal(line.limit),
      log_evidence: logAsText(line.logEvidence),
      log_gate: line.logGate === undefined ? null : logAsText(line.logGate),
    })),
  };
}

/** The logarithm of no evidence at all is minus infinity, which no decimal can say. */
const logAsText = (log: number) => (log <= NO_EVIDENCE ? null : asDecimal(log));
const NO_EVIDENCE = -1_000_000;

const armDetails = (arm: { readonly observations: number; readonly bad: number }) => ({
  observations: asDecimal(arm.observations),
  bad: asDecimal(arm.bad),
});
