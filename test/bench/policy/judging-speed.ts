/** One poll of a thousand progressing releases with eight guards each, and how long it takes. */
import { COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import type { Counts, Histogram } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { judge } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { plan } from '#test/support/evidence.ts';

const versusStable = { margin: 0 };
const EIGHT: readonly Guard[] = [
  { name: 'error_rate', limit: 0.05, versusStable },
  { name: 'latency_p95_ms', limit: 1_800, versusStable },
  { name: 'latency_avg_ms', limit: 1_000 },
  { name: 'tool_failure_rate', limit: 0.03, versusStable },
  { name: 'cost_per_request_usd', limit: 0.1 },
  { name: 'prompt_injection_rate', limit: 0.001 },
  { name: 'goal_completion_rate', limit: 0.8 },
  { name: 'negative_feedback_rate', limit: 0.2 },
];

/** Milliseconds for the last of `rounds` polls, when every code path is warm. */
export function pollOfReleases(releases: number, rounds: number): number {
  const policy = policyOf(plan({ guards: EIGHT }));
  const states = Array.from({ length: releases }, () => openEvidence(policy, []));
  let tookMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    const at = asInstant(round * MINUTE_MS);
    const candidate = totals(100 * round);
    const stable = totals(9_900 * round);
    states.forEach((state, index) => {
      const judged = judge(policy, state, {
        at,
        reading: { says: 'counted', at, candidate, stable },
        step: 0,
        weightPercent: 1,
        nextWeightPercent: 5,
        dwellOver: true,
        mode: 'step',
        candidate: '2.4.0',
        stable: '2.3.3',
      });
      states[index] = judged.state;
    });
    tookMs = performance.now() - startedMs;
  }
  return tookMs;
}

const totals = (requests: number): Counts => ({
  requests,
  errors: Math.round(requests * 0.01),
  tool_calls: 2 * requests,
  tool_failures: Math.round(requests * 0.02),
  injections: 0,
  goals: requests,
  goals_missed: Math.round(requests * 0.1),
  feedback: requests,
  negative_feedback: Math.round(requests * 0.05),
  latency_ms: bell(LATENCY_BOUNDS_MS, requests),
  cost_usd: bell(COST_BOUNDS_USD, requests),
});

function bell(bounds: readonly number[], requests: number): Histogram {
  const shape = [...bounds, 0].map((_, index) => Math.exp(-(((index - 45) / 10) ** 2)));
  const sum = shape.reduce((total, one) => total + one, 0);
  return { bounds, counts: shape.map((one) => Math.round((requests * one) / sum)) };
}
