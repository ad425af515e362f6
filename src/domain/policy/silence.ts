/**
 * When does an arm that counts nothing count as missing? Once so many requests were to be expected
 * that chance cannot explain their absence; before that it is merely quiet.
 */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Poll } from '#domain/policy/fold.ts';

const EXPECTED_REQUESTS_MIN = 10;
/** Services have nights: when both arms are silent, only a small part of what is usual is expected. */
const QUIET_SHARE_OF_USUAL = 0.1;
// Ten expected requests may come out of the division as slightly less.
const ROUNDING = 1e-9;

export type MissingArm = 'candidate' | 'stable';

export function heard(state: EvidenceState, poll: Poll, weightPercent: number): EvidenceState {
  const candidate = poll.candidate.requests;
  const stable = poll.stable.requests;
  const share = weightPercent / 100;
  const { traffic, silence } = state;
  const usual = traffic.polls > 0 ? (QUIET_SHARE_OF_USUAL * traffic.requests) / traffic.polls : 0;
  // The other arm says best what this one should have had; if both are silent, the past does.
  const all = {
    byCandidate: candidate > 0 ? candidate / share : usual,
    byStable: stable > 0 && share < 1 ? stable / (1 - share) : usual,
  };
  return {
    ...state,
    traffic: { requests: traffic.requests + candidate + stable, polls: traffic.polls + 1 },
    silence: {
      candidate: candidate > 0 ? 0 : silence.candidate + all.byStable * share,
      stable: stable > 0 ? 0 : silence.stable + all.byCandidate * (1 - share),
    },
  };
}

/** The arm that should have been heard and was not. */
export function missingArm({ silence, traffic }: EvidenceState): MissingArm | undefined {
  const isMissing = (expected: number) => expected >= EXPECTED_REQUESTS_MIN - ROUNDING;
  if (isMissing(silence.stable)) return 'stable';
  if (isMissing(silence.candidate)) return 'candidate';
  // A service that never counted a single request cannot say what would be usual.
  return traffic.polls > 0 && traffic.requests === 0 ? 'candidate' : undefined;
}
