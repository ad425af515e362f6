/** Looks that were missed prove nothing: what has to hold without a gap begins anew after one. */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { elapsedMs, type Instant } from '#domain/time.ts';

/** One look may come late; after two that did not come, nobody was looking. */
const POLLS_WITHOUT_A_LOOK_MAX = 2;

export const isGap = ({ lookMs }: Policy, before: Instant, at: Instant) =>
  elapsedMs(before, at) > POLLS_WITHOUT_A_LOOK_MAX * lookMs;

type Looked = Pick<EvidenceState, 'readAt'>;

/** Was nobody looking between these two states of the evidence? */
export const wasAsleep = (policy: Policy, { readAt: before }: Looked, { readAt: after }: Looked) =>
  before !== null && after !== null && isGap(policy, before, after);
