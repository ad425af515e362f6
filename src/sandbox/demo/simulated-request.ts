import type { DemoFaults, FaultLevel } from '#sandbox/demo-protocol.ts';

/** One request as an agent would report it to `POST /v1/agent-logs`. */
export type ReportedRequest = {
  readonly service: string;
  readonly version: string;
  readonly success: boolean;
  readonly error?: string;
  readonly latency_ms: number;
  readonly tool_calls: number;
  readonly tool_failures: number;
  readonly cost_usd: number;
  readonly key: string;
  readonly assigned: 'split' | 'tester';
};

/** Chance in 0 (inclusive) to 1. */
export type Dice = () => number;

const USUAL = { errorRate: 0.01, toolFailureRate: 0.005, medianLatencyMs: 600, sigma: 0.5 };
/** Both arms suffer alike, and stay below the limit that signalman.yml sets. */
const INCIDENT_FACTOR = 3;
const ERROR_RATE: Readonly<Record<FaultLevel, number>> = { none: 0.01, doubled: 0.02, severe: 0.3 };
const TOOL_FAILURE_RATE: Readonly<Record<FaultLevel, number>> = {
  none: 0.005,
  doubled: 0.01,
  severe: 0.25,
};
const SLOWNESS: Readonly<Record<FaultLevel, number>> = { none: 1, doubled: 2, severe: 5 };

/** What happens when this version serves one request, with the faults that are switched on. */
export function simulateRequest(
  who: { readonly service: string; readonly version: string; readonly key: string },
  arm: { readonly isCandidate: boolean; readonly isTester: boolean },
  faults: DemoFaults,
  dice: Dice,
): ReportedRequest {
  const level = (fault: FaultLevel) => (arm.isCandidate ? fault : 'none');
  const incident = faults.incident ? INCIDENT_FACTOR : 1;
  const hasFailed = dice() < ERROR_RATE[level(faults.errors)] * incident;
  const toolCalls = 1 + Math.floor(dice() * 3);
  const toolFailures = Array.from({ length: toolCalls }).filter(
    () => dice() < TOOL_FAILURE_RATE[level(faults.toolFailures)],
  ).length;
  const latencyMs =
    USUAL.medianLatencyMs * Math.exp(USUAL.sigma * normal(dice)) * SLOWNESS[level(faults.latency)];
  return {
    ...who,
    success: !hasFailed,
    ...(hasFailed && { error: 'the model answered with an error' }),
    latency_ms: Math.round(latencyMs),
    tool_calls: toolCalls,
    tool_failures: toolFailures,
    cost_usd: Number((0.002 + 0.002 * dice()).toFixed(5)),
    assigned: arm.isTester ? 'tester' : 'split',
  };
}

/** Box and Muller's way from two even chances to one normal one. */
const normal = (dice: Dice) =>
  Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
