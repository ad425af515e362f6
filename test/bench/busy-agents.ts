/** Counts as agents would have reported them, drawn with a seed. */
import { COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import type { Counts } from '#domain/evidence.ts';
import { histogram } from '#domain/roll-up.ts';
import { type Dice, dice, normal } from '#test/bench/policy/dice.ts';

export function createAgents(seed = 1) {
  const roll = dice(seed);
  return {
    /** Healthy traffic of one arm, with every signal that guards know. */
    served: (requests: number): Counts => ({
      requests,
      errors: times(requests, 0.01, roll),
      tool_calls: requests * 2,
      tool_failures: times(requests, 0.01, roll),
      injections: 0,
      unexpected_tools: times(requests, 0.001, roll),
      goals: requests,
      goals_missed: times(requests, 0.05, roll),
      feedback: requests,
      negative_feedback: times(requests, 0.05, roll),
      latency_ms: histogram(LATENCY_BOUNDS_MS, drawn(requests, 800, roll)),
      cost_usd: histogram(COST_BOUNDS_USD, drawn(requests, 0.01, roll)),
    }),
  };
}

const times = (requests: number, share: number, roll: Dice) =>
  Array.from({ length: requests }, roll).filter((drop) => drop < share).length;

const drawn = (requests: number, middle: number, roll: Dice) =>
  Array.from({ length: requests }, () => middle * Math.exp(normal(roll) / 3));
