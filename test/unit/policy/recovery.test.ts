import { describe, expect, test } from 'vitest';
import type { Reading } from '#domain/evidence.ts';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { judgeRecovery } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { NOON, plan } from '#test/support/evidence.ts';

const policy = policyOf(plan());

/** Running totals, a minute apart: requests of the candidate, requests and errors of stable. */
function afterRollback() {
  let state = openEvidence(policy, []);
  let minute = 0;
  const take = (reading: Reading, at = later(NOON, minute * MINUTE_MS)) => {
    const said = judgeRecovery(policy, state, { at, reading });
    state = said.state;
    return said;
  };
  return {
    reads(candidate: number, stable: number, errors: number) {
      minute += 1;
      const at = later(NOON, minute * MINUTE_MS);
      return take({
        says: 'counted',
        at,
        candidate: { requests: candidate, errors: 0 },
        stable: { requests: stable, errors },
      });
    },
    hearsNothing() {
      minute += 1;
      return take({ says: 'unknown', reason: 'source_down', detail: 'refused' });
    },
  };
}

describe('after a rollback', () => {
  test('stable is recovered once nobody is on the candidate and its limits hold', () => {
    const rollback = afterRollback();
    expect(rollback.reads(500, 9_000, 90).recovered).toBe(false);
    const said = rollback.reads(500, 10_000, 100);
    expect(said).toMatchObject({ recovered: true });
    expect(said.words).toBe(
      'No requests reach the candidate, and stable is within its limits over its last 1 000 requests.',
    );
  });

  test('a request that still reaches the candidate is not recovery', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    const said = rollback.reads(512, 10_000, 100);
    expect(said.recovered).toBe(false);
    expect(said.words).toContain('the candidate still served 12 requests since the last reading');
  });

  test('no data is not recovery', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    expect(rollback.reads(500, 9_010, 90).words).toContain('10 requests since, 20 are needed');
    rollback.reads(500, 10_000, 100);
    expect(rollback.hearsNothing()).toMatchObject({ recovered: false });
  });

  test('a stable version that breaks its own limits is not recovered until it heals', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    const said = rollback.reads(500, 10_000, 590);
    expect(said.recovered).toBe(false);
    expect(said.words).toContain('error_rate of stable breaks its limit: 50.0 % of 1 000');
    rollback.reads(500, 20_000, 690);
    expect(rollback.reads(500, 30_000, 790).recovered).toBe(true);
  });
});
