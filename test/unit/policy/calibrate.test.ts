import { describe, expect, test } from 'vitest';
import type { AgentLog } from '#domain/agent-log.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { calibratePolicy, calibrationWords } from '#operations/calibrate-policy.ts';
import { tuningFor } from '#operations/replay-policy.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { NOON } from '#test/support/evidence.ts';

const tuning = tuningFor({});

/** Two hours of a hundred requests a minute by 400 keys; some keys may be unlucky for good. */
function recorded(fails: (key: number, roll: number) => boolean): AgentLog[] {
  const roll = dice(7);
  return Array.from({ length: 120 * 100 }, (_, index) => {
    const key = Math.floor(roll() * 400);
    return {
      service: 'support-agent',
      version: '2.3.3',
      at: asInstant(NOON + Math.floor(index / 100) * MINUTE_MS),
      success: !fails(key, roll()),
      toolCalls: 0,
      toolFailures: 0,
      injections: 0,
      unexpectedTools: 0,
      key: `user-${key}`,
      assigned: 'split',
    };
  });
}

const calibrated = (logs: readonly AgentLog[]) => {
  if (!tuning.ok) throw new Error(tuning.refusal);
  return calibratePolicy(logs, tuning.value, 40);
};

describe('a calibration on recorded traffic', () => {
  test('finds hardly a false stop where errors are independent', () => {
    const result = calibrated(recorded((_, roll) => roll < 0.02));
    expect(result).toMatchObject({ cohorts: 40, requests: 12_000, polls: 120, stopped: 0 });
    expect(calibrationWords(result)).toEqual([
      '12 000 requests in 120 polls, 40 random cohorts of stable traffic as candidates.',
      '0 of 40 (0 %) would have been stopped; at most 1 % are promised.',
    ]);
  });

  test('shows that a few keys which always fail make cohorts look bad', () => {
    const result = calibrated(recorded((key, roll) => key < 6 || roll < 0.002));
    expect(result.stopped).toBeGreaterThan(2);
    expect(calibrationWords(result).at(-2)).toContain('error_spike by error_rate');
  });

  test('of nothing says that nothing was stopped', () => {
    expect(calibrated([])).toMatchObject({ requests: 0, polls: 0, stopped: 0 });
  });
});
