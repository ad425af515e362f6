import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { given, plan } from '#test/support/evidence.ts';

const VERSUS: Guard = { name: 'error_rate', versusStable: { margin: 0 } };
const LIMIT: Guard = { name: 'error_rate', limit: 0.05 };
const guarded = (...guards: Guard[]) => plan({ guards });
const bounds = [100, 250, 500, 1_000, 2_000];
const latency = (...counts: number[]): Counts => ({
  requests: counts.reduce((sum, count) => sum + count, 0),
  errors: 0,
  latency_ms: { bounds, counts },
});
const clustered = Array.from({ length: 40 }, (_, index) => ({
  requests: 1_000,
  errors: index % 4 === 0 ? 400 : 0,
}));
const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
const MISSING = 'Missing data never means healthy.';

describe('a stop says', () => {
  test('that everything failed, and what stable did in the same time', () => {
    const story = given(guarded(VERSUS), clustered).at(1);
    story.seesOften(2, { candidate: [10, 10], stable: [990, 10] });
    expect(story.words()).toBe(
      'Stop: rollback_required. The last 20 requests of 2.4.0, over 2 windows, all failed; stable failed 20 of 1 980 in the same time.',
    );
  });

  test('that everything failed where there is no stable to compare with', () => {
    const story = given(guarded(VERSUS), clustered).at(100);
    story.seesOften(2, { candidate: [10, 10], stable: [0, 0] });
    expect(story.words()).toContain('all failed; there is no stable traffic to compare with.');
  });

  test('which guard leads where there are several, and nothing of an arm that is not there', () => {
    const story = given(guarded(LIMIT, { name: 'tool_failure_rate', limit: 0.1 })).at(100);
    const seen = { requests: 1_000, errors: 200, tool_calls: 10, tool_failures: 0 };
    story.seesOften(1, { candidate: seen, stable: [0, 0] }).says('stop', 'sla_breach');
    expect(story.words()).toBe(
      'Stop: sla_breach. In 1 minute 2.4.0 failed 200 of 1 000 requests (20.0 %). Evidence more than a million over all guards, led by error rate, limit 100. A candidate within 5 % reaches the limit in at most 1 of 100 releases.',
    );
  });

  test.each([
    ['is', 51, true],
    ['is not', 50, false],
  ])(
    'when stable %s over the limit too, since the cause is then elsewhere',
    (_, errors, isOver) => {
      const story = given(guarded(LIMIT)).at(50);
      story.sees({ candidate: [1_000, 200], stable: [1_000, errors] }).says('stop', 'sla_breach');
      expect(story.words().includes('Stable is no better')).toBe(isOver);
    },
  );

  test('how stable stands since the evidence began to grow, not since the start', () => {
    const story = given(guarded(LIMIT)).at(50);
    story.seesOften(20, { candidate: [1_000, 0], stable: [1_000, 0] });
    story.sees({ candidate: [1_000, 400], stable: [1_000, 100] }).says('stop', 'sla_breach');
    expect(story.words()).toContain('Stable is no better');
  });

  test('how stable stands since the start, where the evidence was there before and only falls', () => {
    const strict = guarded({ name: 'error_rate', limit: 0.01 });
    const story = given(strict)
      .at(50)
      .sees({ candidate: [2, 2], stable: [20, 5] });
    story.says('hold', 'suspicion');
    const again = given(strict, [], story.state()).at(50);
    again.sees({ candidate: [6, 1], stable: [20, 0] }).says('stop', 'sla_breach');
    expect(again.verdict().figures.lines[0]).not.toHaveProperty('rise');
    expect(again.words()).toContain('2.4.0 failed 3 of 8 requests');
    expect(again.words()).toContain('Stable is no better');
  });

  test('of an average how stable stands in the same unit', () => {
    const said = (stable: Counts) => {
      const story = given(guarded({ name: 'latency_avg_ms', limit: 300 })).at(50);
      story.seesOften(3, { candidate: latency(0, 0, 0, 0, 100, 0), stable });
      return story.says('stop', 'sla_breach').words();
    };
    expect(said(latency(0, 0, 0, 100, 0, 0))).toContain('Stable is no better');
    expect(said(latency(0, 100, 0, 0, 0, 0))).not.toContain('Stable is no better');
  });

  test('of a cost in dollars at what it is capped', () => {
    const cost = (...counts: number[]): Counts => ({
      requests: 100,
      cost_usd: { bounds: [0.01, 0.1, 1], counts },
    });
    const story = given(guarded({ name: 'cost_per_request_usd', limit: 0.02 })).at(50);
    story.seesOften(3, { candidate: cost(0, 0, 100, 0), stable: cost(100, 0, 0, 0) });
    expect(story.says('stop', 'sla_breach').words()).toContain(
      ' Values above $0.2 count as that. ',
    );
  });
});

describe('a hold says', () => {
  test('why the metrics cannot be read, with what is known of it', () => {
    const story = given(plan()).at(1).seesOften(3, healthy);
    story.hears({ says: 'unknown', reason: 'timeout', detail: '' });
    expect(story.words()).toBe(`Hold: no_data. The metrics cannot be read (timeout). ${MISSING}`);
  });

  test('that the last reading is too old', () => {
    const story = given(plan()).at(1).seesOften(3, healthy);
    story.hears(story.reading(), 600_000);
    expect(story.words()).toBe(
      `Hold: no_data. The last reading is too old to say anything about now. ${MISSING}`,
    );
  });

  test('which arm is silent, and how much was to be expected of it', () => {
    const story = given(plan())
      .at(50)
      .seesOften(3, { candidate: [500, 0], stable: [500, 5] });
    story.sees({ candidate: [500, 0], stable: [0, 0] });
    expect(story.words()).toBe(
      `Hold: no_data. Stable counts nothing where about 500 requests were to be expected. ${MISSING}`,
    );
  });

  test('how many windows are missing, and how every guard stands', () => {
    const story = given(guarded(LIMIT, VERSUS, { name: 'tool_failure_rate', limit: 0.1 })).at(1);
    const seen = (requests: number, errors: number) => ({
      requests,
      errors,
      tool_calls: requests,
      tool_failures: 0,
    });
    story.seesOften(2, { candidate: seen(10, 1), stable: seen(990, 10) });
    story.says('hold', 'not_enough_evidence');
    expect(story.words()).toMatch(
      /^Hold: not_enough_evidence\. 2 of 3 windows with data were seen in this step\. So far: error rate 10\.0 % of 20 requests \(limit 5 %; stable 1\.0 %\), tool failure rate 0\.0 % of 20 tool calls \(limit 10 %; stable 0\.0 %\) in 2 minutes\. Evidence against it \d\.\d, limit 100\.$/,
    );
  });

  test('that counting has just begun', () => {
    expect(given(plan()).at(1, { dwellOver: false }).words()).toBe(
      'Hold: not_enough_evidence. The dwell of this step is not over. Counting has just begun.',
    );
  });

  test('that there is nothing to compare while only testers have the candidate', () => {
    const story = given(plan()).at(0, { dwellOver: false });
    story.sees({ candidate: [0, 0], stable: [1_000, 10] });
    expect(story.words()).toBe(
      'Hold: not_enough_evidence. The dwell of this step is not over. Only testers have the candidate, so there is nothing to compare.',
    );
  });

  test('of every gate that is closed what it waits for', () => {
    const story = given(guarded(LIMIT, VERSUS)).at(1);
    story.seesOften(3, { candidate: [4, 0], stable: [396, 4] });
    expect(story.words()).toMatch(
      /^Hold: not_enough_evidence\. error rate: 12 requests at 1 %, about \d+ expected to be needed, in about \d+ .*; evidence \d+\.\d of 20\. error rate against stable: 12 requests at 1 %, .* of 20\.$/,
    );
  });

  test('that no number would be enough, when stable itself breaks the limit', () => {
    const past = [1, 2, 3].map(() => ({ requests: 10_000, errors: 3_000 }));
    const story = given(guarded(LIMIT), past)
      .at(50)
      .seesOften(3, { candidate: [20, 0], stable: [20, 6] });
    expect(story.words()).toMatch(
      /^Hold: not_enough_evidence\. error rate: 60 requests at 50 %, no number would be enough, since stable itself is on the wrong side of this limit; evidence \d+\.\d of 20\.$/,
    );
  });

  test('nothing about how long it takes where nothing was observed', () => {
    const tools: Guard = { name: 'tool_failure_rate', limit: 0.1 };
    const idle = (requests: number) => ({ requests, errors: 0, tool_calls: 0, tool_failures: 0 });
    const story = given(guarded(tools))
      .at(50)
      .seesOften(3, { candidate: idle(50), stable: idle(50) });
    expect(story.words()).toMatch(
      /0 tool calls at 50 %, about \d+ expected to be needed; evidence 1\.0 of 20\.$/,
    );
  });

  test('that errors come in clusters, so that each counts for less', () => {
    const story = given(guarded(VERSUS), clustered)
      .at(50)
      .seesOften(3, { candidate: [50, 5], stable: [50, 5] });
    expect(story.words()).toMatch(/ of 20\. Stable's come in clusters, so each counts as 0\.00\.$/);
    const calm = given(guarded(VERSUS)).at(1).seesOften(3, healthy);
    expect(calm.words()).not.toContain('clusters');
  });

  test('of an average how long its gate will take', () => {
    const usual = latency(3, 4, 2, 1, 0, 0);
    const story = given(guarded({ name: 'latency_avg_ms', limit: 280 }), [
      latency(300, 400, 200, 100, 0, 0),
    ]).at(50);
    story.seesOften(6, { candidate: usual, stable: usual });
    expect(story.words()).toContain(
      'average latency: 60 requests at 50 %, about 83 expected to be needed, in about 9 min',
    );
  });
});

describe('an allow says', () => {
  test.each([
    ['p95', '5 %'],
    ['p99', '1 %'],
  ] as const)('of a %s how many may be slower and how many are', (quantile, share) => {
    const story = given(guarded({ name: `latency_${quantile}_ms`, limit: 2_000 })).at(50);
    const fast = latency(300, 300, 300, 95, 5, 0);
    story.seesOften(10, { candidate: fast, stable: fast }).says('allow', 'within_limits');
    expect(story.words()).toMatch(
      new RegExp(
        `^Allow: within_limits\\. So far: ${quantile} latency 0\\.0 % of 10 000 requests slower than 2 000 ms \\(limit ${share}; stable 0\\.0 %\\) in 10 minutes\\. Evidence against it below 0\\.001, limit 100\\.$`,
      ),
    );
  });

  test('no limit where there is none, and nothing of stable where it has no traffic', () => {
    const story = given(guarded(VERSUS))
      .at(100)
      .seesOften(3, { candidate: [100, 1], stable: [0, 0] });
    expect(story.words()).toContain('So far: error rate nothing of 0 requests in 3 minutes.');
    const beside = given(guarded(VERSUS)).at(1).seesOften(60, healthy);
    expect(beside.words()).toContain(
      'So far: error rate 0.0 % of 600 requests (stable 1.0 %) in 60 minutes.',
    );
  });
});
