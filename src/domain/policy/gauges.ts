/** Own probes stand outside the statistics: a limit that stays broken for long enough stops. */
import type { Reading } from '#domain/evidence.ts';
import type { CustomGuard } from '#domain/guard.ts';
import type { EvidenceState, GaugeState } from '#domain/policy/evidence-state.ts';
import { isGap } from '#domain/policy/missed-looks.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { assert } from '#domain/result.ts';
import { elapsedMs } from '#domain/time.ts';

type Counted = Extract<Reading, { says: 'counted' }>;

export function readGauges(policy: Policy, state: EvidenceState, reading: Counted): EvidenceState {
  // A limit that was broken before and after a gap may have healed in it.
  const isBlind = state.readAt !== null && isGap(policy, state.readAt, reading.at);
  const gauges: Record<string, GaugeState> = {};
  for (const guard of policy.customGuards)
    gauges[guard.name] = readGauge(guard, isBlind ? undefined : state.gauges[guard.name], reading);
  return { ...state, gauges };
}

function readGauge(
  guard: CustomGuard,
  before: GaugeState | undefined,
  reading: Counted,
): GaugeState {
  const value = reading.gauges?.[guard.name] ?? 'empty';
  const brokenSince = before?.brokenSince ?? null;
  // A gauge that cannot be read neither heals a broken limit nor proves that it stayed broken.
  if (typeof value !== 'number') return { value: null, unknown: value, brokenSince };
  if (!Number.isFinite(value)) return { value: null, unknown: 'not_a_number', brokenSince };
  if (value <= guard.max) return { value, unknown: null, brokenSince: null };
  return { value, unknown: null, brokenSince: brokenSince ?? reading.at };
}

export type BrokenGauge = {
  readonly guard: CustomGuard;
  readonly value: number;
  readonly brokenMs: number;
};

/** Only a reading can prove that a limit is still broken. */
export function brokenGauge(
  policy: Policy,
  { gauges, readAt, unknown }: EvidenceState,
): BrokenGauge | undefined {
  if (unknown) return undefined;
  for (const guard of policy.customGuards) {
    const { value = null, brokenSince = null } = gauges[guard.name] ?? {};
    if (value === null || brokenSince === null) continue;
    assert(readAt !== null, 'a gauge that is broken was read');
    const brokenMs = elapsedMs(brokenSince, readAt);
    if (brokenMs >= guard.forMs) return { guard, value, brokenMs };
  }
  return undefined;
}

export const unreadableGauges = ({ customGuards }: Policy, { gauges }: EvidenceState): string[] =>
  customGuards.flatMap(({ name }) => {
    const unknown = gauges[name]?.unknown;
    return unknown ? [`${name}: ${unknown}`] : [];
  });
