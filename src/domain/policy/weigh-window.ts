/** A window is full: every line weighs it, and so do the split and the rule of complete failure. */
import type { EvidenceWindow } from '#domain/evidence.ts';
import type { Drawn, EvidenceState } from '#domain/policy/evidence-state.ts';
import { lineByLine } from '#domain/policy/line-by-line.ts';
import { hasStableArm, nextShare, type Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { weighLine } from '#domain/policy/weigh-line.ts';
import { expectedShares, weighShare } from '#domain/statistics/share-check.ts';

export function weighWindow(
  policy: Policy,
  state: EvidenceState,
  place: Place,
  window: EvidenceWindow,
): EvidenceState {
  const hasStable = hasStableArm(place);
  const weighing = {
    window,
    hasStable,
    startWeight: state.starts.pending,
    nextShare: nextShare(place),
    riskBudget: policy.riskBudget,
  };
  const drawn = drawnIn(window);
  const tookMs = window.to - window.from;
  return {
    ...state,
    open: null,
    lines: lineByLine(policy, state).map(({ line, seen }) => weighLine(line, seen, weighing)),
    shares: hasStable
      ? weighShare(state.shares, place.weightPercent / 100, drawn)
      : expectedShares(),
    ...(hasStable && { drawn: addDrawn(state.drawn, drawn) }),
    starts: { ...state.starts, pending: 0 },
    windows: state.windows + 1,
    windowsInStep: state.windowsInStep + 1,
    overMs: state.overMs + tookMs,
    inStepMs: state.inStepMs + tookMs,
    failing: failingAfter(state.failing, window),
  };
}

/** A user stays where the lot fell, so one who asks a thousand times is no more than one draw. */
function drawnIn({ candidate, stable }: EvidenceWindow): Drawn {
  return candidate.keys === undefined || stable.keys === undefined
    ? { of: 'requests', candidate: candidate.requests, stable: stable.requests }
    : { of: 'users', candidate: candidate.keys, stable: stable.keys };
}

const addDrawn = (before: Drawn | undefined, { of, candidate, stable }: Drawn): Drawn => ({
  of,
  candidate: candidate + (before?.candidate ?? 0),
  stable: stable + (before?.stable ?? 0),
});

function failingAfter(
  failing: EvidenceState['failing'],
  { candidate, stable }: EvidenceWindow,
): EvidenceState['failing'] {
  const { requests, errors = 0 } = candidate;
  const isBroken = errors >= requests;
  const nothing = { requests: 0, windows: 0, stable: { requests: 0, errors: 0 } };
  if (!isBroken) return nothing;
  return {
    requests: failing.requests + requests,
    windows: failing.windows + 1,
    stable: {
      requests: failing.stable.requests + stable.requests,
      errors: failing.stable.errors + (stable.errors ?? 0),
    },
  };
}
