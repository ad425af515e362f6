/** What the policy itself takes: one window of each of a thousand releases with eight guards. */
import type { Guard } from '#domain/guard.ts';
import { addCounts } from '#domain/policy/counting.ts';
import { type EvidenceState, enterStep, openEvidence } from '#domain/policy/evidence-state.ts';
import { judge } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { createAgents } from '#test/bench/busy-agents.ts';
import { type Figure, sayTimes, type Timed, timed } from '#test/bench/figure.ts';
import { aPlan, noon } from '#test/support/builders.ts';

const RELEASES = 1_000;
const POLLS = 12;
const GUARDS: readonly Guard[] = [
  { name: 'error_rate', limit: 0.05, versusStable: { margin: 0 } },
  { name: 'latency_avg_ms', limit: 3_000, versusStable: { margin: 0.1 } },
  { name: 'latency_p95_ms', limit: 1_800 },
  { name: 'latency_p99_ms', limit: 4_000 },
  { name: 'tool_failure_rate', limit: 0.03, versusStable: { margin: 0 } },
  { name: 'unexpected_tool_rate', limit: 0.02 },
  { name: 'cost_per_request_usd', limit: 0.05, versusStable: { margin: 0.1 } },
  { name: 'goal_completion_rate', limit: 0.9 },
];

/** The plan becomes a policy at each judgement, as it does in a poll. */
export async function measureJudging(say: (figure: Figure) => void): Promise<void> {
  const plan = aPlan({ guards: GUARDS });
  const agents = createAgents();
  const history = Array.from({ length: 180 }, () => agents.served(100));
  const opened = enterStep(openEvidence(policyOf(plan), history), 0);
  let totals = { candidate: agents.served(11), stable: agents.served(100) };
  let states: EvidenceState[] = Array.from({ length: RELEASES }, () => opened);
  const rounds: Timed[] = [];
  for (let poll = 1; poll <= POLLS; poll += 1) {
    const at = later(noon, poll * MINUTE_MS);
    const judged = () => {
      states = states.map((state) => {
        const place = { step: 0, weightPercent: 10, nextWeightPercent: 50, mode: 'step' as const };
        const reading = { says: 'counted' as const, at, ...totals };
        const versions = { candidate: '2.4.0', stable: '2.3.3' };
        return judge(policyOf(plan), state, {
          ...place,
          ...versions,
          at,
          dwellOver: false,
          reading,
        }).state;
      });
    };
    rounds.push(await timed(judged));
    totals = {
      candidate: addCounts(totals.candidate, agents.served(11)),
      stable: addCounts(totals.stable, agents.served(100)),
    };
  }
  const name = `judging ${RELEASES} releases with ${GUARDS.length} guards`;
  sayTimes(say, { name, below: 1_000 }, rounds);
}
