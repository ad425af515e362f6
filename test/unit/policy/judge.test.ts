import { describe, expect, test } from 'vitest';
import { HOUR_MS, later } from '#domain/time.ts';
import { given, plan } from '#test/support/evidence.ts';

const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
const broken = { candidate: [10, 5], stable: [990, 10] } as const;
const versusStable = plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] });
const atMostFivePercent = plan({ guards: [{ name: 'error_rate', limit: 0.05 }] });

describe('a candidate at 1 %', () => {
  test('is held while its evidence is thin, in words that say how much is missing', () => {
    const story = given(versusStable).at(1).seesOften(3, healthy);
    story.says('hold', 'not_enough_evidence');
    expect(story.words()).toBe(
      'Hold: not_enough_evidence. error rate against stable: 30 requests at 1 %, about 37 expected to be needed, in about 12 s; evidence 17.0 of 20.',
    );
  });

  test('is allowed once its gates stand and the dwell is over', () => {
    const story = given(plan()).at(1).seesOften(40, healthy);
    story.says('allow', 'within_limits');
    expect(story.words()).toContain('error rate 0.0 % of 400 requests (limit 5 %; stable 1.0 %)');
  });

  test('is never allowed before its dwell is over', () => {
    const story = given(plan()).at(1, { dwellOver: false }).seesOften(40, healthy);
    story.says('hold', 'not_enough_evidence');
    expect(story.words()).toContain('The dwell of this step is not over.');
  });

  test('is never allowed on fewer than three windows, however full they are', () => {
    const full = { candidate: [1_000, 0], stable: [99_000, 990] } as const;
    const story = given(plan()).at(1).seesOften(2, full);
    story.says('hold', 'not_enough_evidence').sees(full).says('allow', 'within_limits');
  });

  test('has to prove itself again in every step', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.at(5, { step: 1 }).sees({ candidate: [50, 0], stable: [950, 9] });
    story.says('hold', 'not_enough_evidence');
  });

  test('is stopped when half of its requests fail', () => {
    const story = given(versusStable).at(1).seesOften(2, broken);
    story.says('stop', 'error_spike');
    expect(story.words()).toBe(
      'Stop: error_spike. In 1 minute 2.4.0 failed 5 of 10 requests (50.0 %); stable failed 10 of 990 (1.0 %) in the same time. Evidence 53 292, limit 100. A candidate no worse than stable reaches the limit in at most 1 of 100 releases.',
    );
  });

  test('stays stopped, however well it looks afterwards, and goes on being counted', () => {
    const story = given(versusStable).at(1).seesOften(2, broken);
    const { words, reason } = story.verdict();
    story.seesOften(200, healthy).says('stop', 'error_spike');
    expect(story.words()).toBe(words);
    expect(story.state().stopped).toEqual({ reason, words });
    expect(story.closed()).toMatchObject({ candidate: { requests: 10 } });
    expect(story.verdict().figures.windows).toBe(202);
  });

  test('is suspected before it is stopped, and cleared when the suspicion does not last', () => {
    const story = given(versusStable)
      .at(1)
      .sees({ candidate: [10, 1], stable: [990, 10] })
      .sees({ candidate: [11, 2], stable: [985, 9] });
    story.says('hold', 'suspicion');
    expect(story.words()).toContain('from 10 on the weight is frozen, at 100 the release stops');
    story.seesOften(60, healthy);
    expect(story.verdict().reason).not.toBe('suspicion');
  });

  test('is not stopped for fewer than three failures, however telling they are', () => {
    const story = given(versusStable)
      .at(1)
      .sees({ candidate: [2, 2], stable: [990, 1] });
    expect(story.verdict().figures.logEvidence).toBeGreaterThan(Math.log(100));
    story.says('hold', 'suspicion');
  });
});

describe('an absolute limit', () => {
  test('names itself when it is broken, and that stable is no better', () => {
    const story = given(atMostFivePercent)
      .at(1)
      .seesOften(20, { candidate: [10, 3], stable: [990, 297] });
    story.says('stop', 'sla_breach');
    expect(story.words()).toContain('A candidate within 5 % reaches the limit');
    expect(story.words()).toContain('Stable is no better, so the cause is probably elsewhere.');
  });

  test('keeps guarding at full weight, where there is no stable arm', () => {
    const story = given(plan()).at(100, { step: 5 });
    const fine = { candidate: [1_000, 10], stable: [0, 0] } as const;
    story.seesOften(5, fine).says('allow', 'within_limits');
    story.seesOften(3, { candidate: [1_000, 200], stable: [0, 0] }).says('stop', 'sla_breach');
  });

  test('keeps guarding while the completed release is watched', () => {
    const story = given(plan()).at(100, { step: 6, mode: 'watch' });
    story.sees({ candidate: [1_000, 10], stable: [0, 0] }).says('allow', 'within_limits');
    story.sees({ candidate: [1_000, 200], stable: [0, 0] }).says('stop', 'sla_breach');
  });

  test('does not wait for stable to be heard', () => {
    const story = given(plan()).at(50, { step: 4 });
    story.seesOften(4, { candidate: [25, 15], stable: [0, 0] });
    expect(story.verdict().says).toBe('stop');
  });
});

describe('what needs no counting', () => {
  test('a critical event stops while only testers have the candidate, and the first one is named', () => {
    const guards = [
      { name: 'prompt_injection_rate', limit: 0.001, critical: true },
      { name: 'unexpected_tool_rate', limit: 0.001, critical: true },
    ] as const;
    const story = given(plan({ guards })).at(0, { dwellOver: false });
    const arm = (requests: number, tools: number, injections: number) => ({
      ...{ requests, errors: 0, unexpected_tools: tools, injections },
    });
    story
      .sees({ candidate: arm(5, 0, 0), stable: arm(990, 0, 0) })
      .says('hold', 'not_enough_evidence');
    story
      .sees({ candidate: arm(5, 2, 0), stable: arm(990, 0, 0) })
      .says('stop', 'rollback_required');
    story.sees({ candidate: arm(5, 0, 1), stable: arm(990, 0, 0) });
    expect(story.state().critical).toEqual({ guard: 'unexpected_tool_rate', bad: 2 });
    expect(story.words()).toBe(
      'Stop: rollback_required. 2.4.0 used unexpected tools in 2 requests; for the unexpected tool rate one confirmed event is enough.',
    );
  });

  test('a single confirmed critical event stops', () => {
    const guards = [{ name: 'prompt_injection_rate', limit: 0.001, critical: true }] as const;
    const story = given(plan({ guards })).at(1);
    const arm = (requests: number, injections: number) => ({ requests, errors: 0, injections });
    story.sees({ candidate: arm(10, 0), stable: arm(990, 2) });
    expect(story.verdict().says).toBe('hold');
    story.sees({ candidate: arm(10, 1), stable: arm(990, 0) }).says('stop', 'rollback_required');
    expect(story.words()).toContain('for the prompt injection rate one confirmed event is enough');
  });

  test('of which nobody counts any, is missing data', () => {
    const guards = [{ name: 'prompt_injection_rate', limit: 0.001, critical: true }] as const;
    const story = given(plan({ guards })).at(1).sees(healthy).says('hold', 'no_data');
    expect(story.state().critical).toBeNull();
  });

  test('failures of stable that nobody counts are none', () => {
    const story = given(atMostFivePercent).at(10);
    story.sees({ candidate: [10, 10], stable: { requests: 90 } });
    expect(story.state().failing).toEqual({
      requests: 10,
      windows: 1,
      stable: { requests: 90, errors: 0 },
    });
  });

  test('twenty failures in a row stop, even where all errors come in clusters', () => {
    const clustered = Array.from({ length: 40 }, (_, index) => ({
      requests: 1_000,
      errors: index % 4 === 0 ? 400 : 0,
    }));
    const story = given(versusStable, clustered).at(1);
    story.seesOften(2, { candidate: [10, 10], stable: [990, 10] });
    story.says('stop', 'rollback_required');
    expect(story.words()).toContain('The last 20 requests of 2.4.0, over 2 windows, all failed');
  });

  test('when stable fails completely too, it is an incident and no verdict on the candidate', () => {
    const story = given(versusStable).at(1);
    expect(story.sees(healthy).verdict()).not.toHaveProperty('because');
    story.seesOften(3, { candidate: [10, 10], stable: [990, 990] }).says('hold', 'suspicion');
    expect(story.verdict().because).toBe('both_failed');
    expect(story.words()).toContain('This is an incident rather than a bad candidate');
  });

  const queue = { name: 'custom_queue_lag', query: 'lag', max: 100, forMs: 120_000 } as const;

  test('an own gauge stops when its limit stays broken for long enough', () => {
    const story = given(plan({ customGuards: [queue] })).at(1);
    story.sees(healthy, { custom_queue_lag: 150 }).sees(healthy, { custom_queue_lag: 150 });
    expect(story.verdict().says).toBe('hold');
    story.sees(healthy, { custom_queue_lag: 150 }).says('stop', 'rollback_required');
    expect(story.words()).toContain(
      'queue lag is 150, above its limit of 100 for 2 min; 2 min are allowed',
    );
  });

  test('an own gauge that was broken before and after a gap begins anew', () => {
    const story = given(plan({ customGuards: [queue] })).at(1);
    story.sees(healthy, { custom_queue_lag: 150 });
    const broken = () => ({ ...story.reading(), gauges: { custom_queue_lag: 150 } });
    const asleepMs = 8 * HOUR_MS;
    const woken = { ...broken(), at: later(story.now(), asleepMs) };
    expect(story.hears(woken, asleepMs).verdict().says).toBe('hold');
    story.sees(healthy, { custom_queue_lag: 150 }).sees(healthy, { custom_queue_lag: 150 });
    story.says('stop', 'rollback_required');
  });

  test('an own gauge that recovers in between begins anew, and one that is silent holds', () => {
    const story = given(plan({ customGuards: [queue] })).at(1);
    story.sees(healthy, { custom_queue_lag: 150 }).sees(healthy, { custom_queue_lag: 50 });
    story.sees(healthy, { custom_queue_lag: 150 }).sees(healthy, { custom_queue_lag: 150 });
    expect(story.verdict().says).not.toBe('stop');
    story.sees(healthy).says('hold', 'no_data');
  });
});

describe('the split', () => {
  test('holds when the candidate counts far fewer requests than it should get', () => {
    const story = given(plan()).at(10, { step: 2 });
    story.seesOften(12, { candidate: [50, 0], stable: [900, 9] }).says('hold', 'sample_ratio');
    expect(story.words()).toContain('2.4.0 has 5.3 % of 11 400 requests and should have 10 %');
  });

  /** Who asks stays with the version that was drawn, so only who is new says something. */
  const asking = (requests: number, keys: number) => ({ requests, errors: 0, keys });

  test('counts users where they are known, so that a busy one is no wrong split', () => {
    const story = given(plan()).at(10, { step: 2 });
    story.sees({ candidate: asking(400, 3), stable: asking(900, 27) });
    story.seesOften(12, { candidate: asking(400, 0), stable: asking(900, 0) });
    expect(story.verdict().reason).not.toBe('sample_ratio');
  });

  test.each([
    ['the candidate', { candidate: asking(100, 5), stable: [900, 9] }],
    ['stable', { candidate: [100, 1], stable: asking(900, 45) }],
  ] as const)('counts requests where the users of %s alone are known', (_, seen) => {
    const story = given(plan()).at(10, { step: 2 }).sees(seen);
    expect(story.state().drawn).toEqual({ of: 'requests', candidate: 100, stable: 900 });
  });

  test('and misses users who should be there, however much the others ask', () => {
    const story = given(plan()).at(10, { step: 2 });
    story.seesOften(12, { candidate: asking(100, 5), stable: asking(900, 95) });
    story.says('hold', 'sample_ratio');
    expect(story.words()).toContain('2.4.0 has 5.0 % of 1 200 users and should have 10 %');
  });

  test('is not asked at full weight', () => {
    const story = given(plan()).at(100, { step: 5 });
    story.seesOften(12, { candidate: [50, 0], stable: [900, 9] });
    expect(story.verdict().reason).not.toBe('sample_ratio');
  });
});

describe('testers only', () => {
  test('are allowed on once the dwell is over, since there is nothing to compare', () => {
    const story = given(plan()).at(0, { dwellOver: false });
    story.sees({ candidate: [0, 0], stable: [1_000, 10] }).says('hold', 'not_enough_evidence');
    story.at(0, { dwellOver: true }).sees({ candidate: [0, 0], stable: [1_000, 10] });
    story.says('allow', 'within_limits');
  });
});

test('a candidate that is tried again continues with its old evidence', () => {
  const first = given(versusStable)
    .at(1)
    .sees({ candidate: [10, 1], stable: [990, 10] })
    .sees({ candidate: [11, 2], stable: [985, 9] });
  const again = given(versusStable, [], first.state()).at(1).sees(healthy);
  const afresh = given(versusStable).at(1).sees(healthy);
  const evidence = (story: typeof again) => story.verdict().figures.logEvidence;
  expect(evidence(again)).toBeGreaterThan(evidence(afresh) + 1);
});

describe('the figures of a verdict', () => {
  const FIRST = { candidate: [10, 1], stable: [990, 10] } as const;

  test('name no line that leads before the first window, and the first of those that lead alike', () => {
    const guards = [
      { name: 'error_rate', limit: 0.05 },
      { name: 'tool_failure_rate', limit: 0.05 },
    ] as const;
    const story = given(plan({ guards })).at(10, { step: 2 });
    expect(story.verdict().figures).not.toHaveProperty('leading');
    const arm = (requests: number) => ({
      ...{ requests, errors: 1 },
      tool_calls: requests,
      tool_failures: 1,
    });
    story.sees({ candidate: arm(10), stable: arm(90) });
    expect(story.verdict().figures.leading).toBe(0);
  });

  test('show a limit only where it is what the line is held against', () => {
    const [limited, versus] = given(plan()).at(1).sees(FIRST).verdict().figures.lines;
    expect(limited).toMatchObject({ against: 'limit', limit: 0.05 });
    expect(versus).not.toHaveProperty('limit');
  });

  test('are there before stable has shown how latencies are to be looked at', () => {
    for (const name of ['latency_p95_ms', 'latency_avg_ms'] as const) {
      const story = given(plan({ guards: [{ name, versusStable: { margin: 0 } }] })).at(1);
      const [line] = story.verdict().figures.lines;
      expect(line).toMatchObject({ guard: name, candidate: { observations: 0 } });
      expect(line).not.toHaveProperty('cap');
      expect(line).not.toHaveProperty('slowerThan');
    }
  });
});

test('a service without guards gets the usual ones, and latency only where it is counted', () => {
  const story = given(plan({ guards: [] }))
    .at(1)
    .seesOften(40, healthy);
  story.says('allow', 'within_limits');
  expect(story.verdict().figures.lines.map(({ guard, against }) => [guard, against])).toEqual([
    ['error_rate', 'limit'],
    ['error_rate', 'stable'],
    ['latency_avg_ms', 'limit'],
  ]);
});
