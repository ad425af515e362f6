import { describe, expect, test } from 'vitest';
import type { Counts, Reading } from '#domain/evidence.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgeRecovery } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { given, NOON, plan } from '#test/support/evidence.ts';

/** Running totals, a minute apart: requests of the candidate, requests and errors of stable. */
function afterRollback(asked = plan(), opened?: EvidenceState) {
  const policy = policyOf(asked);
  let state = opened ?? openEvidence(policy, []);
  let minute = 0;
  const take = (reading: Reading, at = later(NOON, minute * MINUTE_MS)) => {
    const said = judgeRecovery(policy, state, { at, reading });
    state = said.state;
    return said;
  };
  const counts = (candidate: number, stable: Counts) => {
    minute += 1;
    const at = later(NOON, minute * MINUTE_MS);
    return take({ says: 'counted', at, candidate: { requests: candidate, errors: 0 }, stable });
  };
  return {
    take,
    counts,
    reads: (candidate: number, stable: number, errors: number) =>
      counts(candidate, { requests: stable, errors }),
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

  test('a few requests are gathered until they say enough', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    expect(rollback.reads(500, 9_010, 90).recovered).toBe(false);
    expect(rollback.reads(500, 9_019, 90).words).toContain('stable has counted 19 requests since');
    expect(rollback.reads(500, 9_020, 90).recovered).toBe(true);
  });

  test('whom the candidate served before the last reading is served elsewhere now', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    rollback.reads(512, 10_000, 100);
    expect(rollback.reads(512, 10_100, 100).recovered).toBe(true);
  });

  test.each([
    ['exactly at its limit', 100, 5, true],
    ['above it', 100, 6, false],
    ['above it by two errors, which are too few to say', 20, 2, true],
    ['above it by three', 20, 3, false],
  ])('stable %s: %d requests, %d errors', (_, requests, errors, recovered) => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    expect(rollback.reads(500, 9_000 + requests, 90 + errors).recovered).toBe(recovered);
  });

  test('what was long ago counts for less and less', () => {
    const rollback = afterRollback();
    rollback.reads(500, 0, 0);
    rollback.reads(500, 1_000, 500);
    expect(rollback.reads(500, 1_100, 500).words).toBe(
      'Not recovered: error_rate of stable breaks its limit: 33.3 % of 300, at most 5.0 %.',
    );
    const thin = afterRollback();
    thin.reads(500, 0, 0);
    thin.reads(500, 100, 20);
    expect(thin.reads(500, 200, 20).words).toContain('10.0 % of 200, at most');
  });

  test('every limit that stable breaks is told, in its own measure', () => {
    const guards = [
      { name: 'error_rate', limit: 0.05 },
      { name: 'latency_avg_ms', limit: 300, versusStable: { margin: 0 } },
      { name: 'latency_p95_ms', limit: 300 },
      { name: 'tool_failure_rate', limit: 0.1 },
    ] as const;
    const latency = (...counts: number[]) => ({ latency_ms: { bounds: [200, 400, 800], counts } });
    const rollback = afterRollback(plan({ guards }));
    rollback.counts(500, { requests: 0, errors: 0, ...latency(0, 0, 0, 0) });
    const slow = { requests: 100, errors: 10, ...latency(0, 50, 50, 0) };
    expect(rollback.counts(500, slow).words).toBe(
      'Not recovered: error_rate of stable breaks its limit: 10.0 % of 100, at most 5.0 %; ' +
        'latency_avg_ms of stable breaks its limit: 15.0 % of the cap over 100, at most 10.0 %; ' +
        'latency_p95_ms of stable breaks its limit: 50.0 % of 100, at most 5.0 %.',
    );
    const fast = { requests: 2_100, errors: 10, ...latency(2_000, 50, 50, 0) };
    expect(rollback.counts(500, fast).recovered).toBe(true);
  });

  test('a reading given twice, or of before the last one, changes nothing', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    const { state } = rollback.reads(500, 10_000, 100);
    const totals = (requests: number) => ({ requests, errors: 0 });
    for (const minutes of [2, 1]) {
      const at = later(NOON, minutes * MINUTE_MS);
      const counted = { candidate: totals(900), stable: totals(90_000) };
      expect(rollback.take({ says: 'counted', at, ...counted }).state).toEqual(state);
    }
    const early = later(NOON, MINUTE_MS);
    const unknown = { says: 'unknown', reason: 'timeout', detail: '' } as const;
    expect(rollback.take(unknown, early).state).toEqual(state);
  });

  test('a reading that comes late, and again, does not say that the candidate fell silent', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    const at = later(NOON, 2 * MINUTE_MS);
    const [candidate, stable] = [
      { requests: 512, errors: 0 },
      { requests: 10_000, errors: 100 },
    ];
    const late = { says: 'counted', at, candidate, stable } as const;
    for (const minutes of [3, 4])
      expect(rollback.take(late, later(NOON, minutes * MINUTE_MS)).recovered).toBe(false);
  });

  test('a reading that says nothing says why, and the next one covers its time', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    const said = rollback.hearsNothing();
    expect(said.words).toBe(
      'Not recovered: the metrics cannot be read (source_down), and no data is not recovery.',
    );
    expect(said.state).toMatchObject({
      readAt: later(NOON, 2 * MINUTE_MS),
      unknown: { reason: 'source_down', detail: 'refused' },
    });
    expect(rollback.reads(500, 10_000, 100)).toMatchObject({
      recovered: true,
      state: { unknown: null },
    });
  });

  test('a counter that is no count is no recovery', () => {
    const rollback = afterRollback();
    rollback.reads(500, 9_000, 90);
    rollback.reads(500, 10_000, 100);
    const said = rollback.reads(Number.NaN, 11_000, 110);
    expect(said.recovered).toBe(false);
    expect(said.words).toContain('(not_a_number)');
    expect(rollback.reads(500, 12_000, 120).recovered).toBe(true);
  });

  test('what was counted while the candidate still had traffic does not count', () => {
    const story = given(plan())
      .at(10)
      .sees({ candidate: [0, 0], stable: [5, 0] });
    const opened = {
      ...story.state(),
      readAt: NOON,
      recovery: { stable: { observations: 99, bad: 0 } },
    };
    const rollback = afterRollback(plan(), opened);
    expect(rollback.reads(500, 9_000, 90)).toMatchObject({
      recovered: false,
      state: { recovery: {}, open: null, baseline: { weightPercent: 0 } },
    });
    expect(rollback.reads(500, 10_000, 100).recovered).toBe(true);
  });
});
