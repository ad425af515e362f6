import type { ReportedRequest } from '#sandbox/demo/simulated-request.ts';
import type { DemoArm, DemoPoint } from '#sandbox/demo-protocol.ts';

type Tally = {
  requests: number;
  errors: number;
  toolCalls: number;
  toolFailures: number;
  readonly latenciesMs: number[];
};
type Second = { readonly atMs: number; readonly byVersion: Map<string, Tally> };

const WINDOW_SECONDS = 60;
const HISTORY_SECONDS = 180;

/** What the demo's agents measured of themselves, second by second, for the strip beside the chat. */
export function createFigures(clock: () => number) {
  const seconds: Second[] = [];

  const second = (): Second => {
    const atMs = Math.floor(clock() / 1_000) * 1_000;
    const last = seconds.at(-1);
    if (last?.atMs === atMs) return last;
    const fresh = { atMs, byVersion: new Map<string, Tally>() };
    seconds.push(fresh);
    if (seconds.length > HISTORY_SECONDS) seconds.shift();
    return fresh;
  };

  return {
    add: (request: ReportedRequest) => {
      const { byVersion } = second();
      const tally = byVersion.get(request.version) ?? emptyTally();
      byVersion.set(request.version, tally);
      tally.requests += 1;
      tally.errors += request.success ? 0 : 1;
      tally.toolCalls += request.tool_calls;
      tally.toolFailures += request.tool_failures;
      tally.latenciesMs.push(request.latency_ms);
    },
    arm: (version: string): DemoArm => armOf(seconds.slice(-WINDOW_SECONDS), version),
    history: (stable: string, candidate: string | undefined): readonly DemoPoint[] =>
      seconds.map((one) => pointOf(one, stable, candidate)),
  };
}

const emptyTally = (): Tally => ({
  requests: 0,
  errors: 0,
  toolCalls: 0,
  toolFailures: 0,
  latenciesMs: [],
});

function armOf(seconds: readonly Second[], version: string): DemoArm {
  const tallies = seconds.flatMap(({ byVersion }) => byVersion.get(version) ?? []);
  const sum = (of: (tally: Tally) => number) =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const requests = sum((tally) => tally.requests);
  const everything = seconds.flatMap(({ byVersion }) => [...byVersion.values()]);
  const all = everything.reduce((total, tally) => total + tally.requests, 0);
  const latencies = tallies.flatMap((tally) => tally.latenciesMs).sort((one, two) => one - two);
  return {
    version,
    requests,
    errors: sum((tally) => tally.errors),
    sharePercent: all === 0 ? 0 : (100 * requests) / all,
    errorPercent: percentOf(
      sum((tally) => tally.errors),
      requests,
    ),
    p95Ms: latencies[Math.floor(latencies.length * 0.95)] ?? null,
    toolFailurePercent: percentOf(
      sum((tally) => tally.toolFailures),
      sum((tally) => tally.toolCalls),
    ),
  };
}

function pointOf(
  { atMs, byVersion }: Second,
  stable: string,
  candidate: string | undefined,
): DemoPoint {
  const requests = [...byVersion.values()].reduce((sum, tally) => sum + tally.requests, 0);
  const arm = (version: string | undefined) =>
    version === undefined ? undefined : byVersion.get(version);
  const errorPercent = (tally: Tally | undefined) =>
    tally ? percentOf(tally.errors, tally.requests) : null;
  return {
    atMs,
    requestsPerSecond: requests,
    candidateSharePercent: percentOf(arm(candidate)?.requests ?? 0, requests) ?? 0,
    stableErrorPercent: errorPercent(arm(stable)),
    candidateErrorPercent: errorPercent(arm(candidate)),
  };
}

const percentOf = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);
