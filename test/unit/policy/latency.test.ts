import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { given, plan } from '#test/support/evidence.ts';

const bounds = [100, 250, 500, 1_000, 2_000];
/** Requests by bucket, none of them failed. */
const latency = (...counts: number[]): Counts => ({
  requests: counts.reduce((sum, count) => sum + count, 0),
  errors: 0,
  latency_ms: { bounds, counts },
});
const usual = latency(300, 400, 200, 80, 15, 5);
const own = latency(6, 8, 4, 2, 0, 0);
const slow = latency(1, 3, 6, 6, 3, 1);
const guarded = (...guards: Guard[]) => plan({ guards });

describe('a p95 limit', () => {
  const p95 = guarded({ name: 'latency_p95_ms', limit: 1_000 });

  test('stops a candidate of which a fifth is too slow', () => {
    const story = given(p95).at(2).seesOften(6, { candidate: slow, stable: usual });
    story.says('stop', 'sla_breach');
    expect(story.words()).toMatch(
      /2\.4\.0 was slower than 1 000 ms in 12 of 60 requests \(20\.0 %\); stable was in 60 of 3 000 \(2\.0 %\)/,
    );
    expect(story.words()).toContain('A candidate within 1 000 ms at p95 reaches the limit');
  });

  test('lets a candidate pass that is as fast as stable', () => {
    const story = given(p95).at(2).seesOften(60, { candidate: own, stable: usual });
    story.says('allow', 'within_limits');
  });

  test('says so when no bucket could ever show that it is broken', () => {
    const story = given(guarded({ name: 'latency_p95_ms', limit: 5_000 })).at(2);
    story.sees({ candidate: own, stable: usual }).says('hold', 'no_data');
    expect(story.words()).toContain('latency_ms has no bucket at or above 5000');
  });
});

test('latency compared with stable finds a shift, and leaves an equal candidate alone', () => {
  const versus = guarded({ name: 'latency_p95_ms', versusStable: { margin: 0 } });
  const past = Array.from({ length: 30 }, () => usual);
  given(versus, past)
    .at(2)
    .seesOften(20, { candidate: slow, stable: usual })
    .says('stop', 'error_spike');
  const equal = given(versus, past).at(2).seesOften(60, { candidate: own, stable: usual });
  equal.says('allow', 'within_limits');
});

describe('an average', () => {
  test('over its limit is stopped, and the words name the cap', () => {
    const story = given(guarded({ name: 'latency_avg_ms', limit: 300 }))
      .at(2)
      .seesOften(20, { candidate: latency(0, 0, 2, 10, 8, 0), stable: usual });
    story.says('stop', 'sla_breach');
    expect(story.words()).toMatch(
      /2\.4\.0 took 1 \d{3} ms on average over \d+ requests.* Values above 3 000 ms count as that\./,
    );
  });

  test('well within its limit is allowed', () => {
    const story = given(guarded({ name: 'latency_avg_ms', limit: 1_500 }))
      .at(2)
      .seesOften(60, { candidate: own, stable: usual });
    story.says('allow', 'within_limits');
    expect(story.words()).toContain('limit 1 500 ms');
  });

  test('of cost against stable needs fine buckets, and then finds what is twice as dear', () => {
    const fine = Array.from({ length: 60 }, (_, index) => 0.001 * 1.1 ** index);
    const spend = (requests: number, factor: number): Counts => {
      const counts = [...fine, 1].map((_, index) => {
        const distance = (index - 25 - Math.log(factor) / Math.log(1.1)) / 7;
        return Math.round((requests * Math.exp(-distance * distance)) / 12.4);
      });
      return { requests, errors: 0, cost_usd: { bounds: fine, counts } };
    };
    const dear = guarded({ name: 'cost_per_request_usd', versusStable: { margin: 0 } });
    const past = Array.from({ length: 30 }, () => spend(1_000, 1));
    const story = given(dear, past).at(5, { step: 0 });
    story.seesOften(20, { candidate: spend(50, 2), stable: spend(950, 1) });
    story.says('stop', 'error_spike');
    const equal = given(dear, past).at(5, { step: 0 });
    equal.seesOften(40, { candidate: spend(50, 1), stable: spend(950, 1) });
    expect(equal.verdict().says).not.toBe('stop');
  });
});
