import { describe, expect, test } from 'vitest';
import type { Plan } from '#domain/plan.ts';
import { previewPlan, type ServiceTraffic } from '#domain/policy/planner.ts';
import { gateLengthOfRates } from '#domain/statistics/gate-length.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { plan } from '#test/support/evidence.ts';

const ladder = (weights: readonly number[], dwellMs: number) =>
  weights.map((weightPercent) => ({ weightPercent, dwellMs, approval: false }));
const usual = [1, 5, 10, 25, 50, 100];
const guards = [{ name: 'error_rate', versusStable: { margin: 0 } }] as const;
const thin = { requestsPerDay: 500, distinctKeys: 30, badRate: 0.02 };

describe('the preview of a plan', () => {
  test('of a busy service is the sum of its dwells', () => {
    const preview = previewPlan(plan({ steps: ladder(usual, DAY_MS) }), {
      requestsPerDay: 1_440_000,
      distinctKeys: 50_000,
      badRate: 0.01,
    });
    expect(preview.days).toEqual({ typical: 6, late: 6 });
    expect(preview.steps[0]).toMatchObject({ keys: 500, worstBadPerDay: 14_400 });
    expect(preview.warnings).toEqual([]);
    expect(preview.offers).toEqual([]);
  });

  test('of a thin one says weeks, and offers what would be quicker', () => {
    const steps = ladder(usual, DAY_MS);
    const preview = previewPlan(plan({ guards, steps, riskBudget: 0.01 }), thin);
    expect(preview.days.typical).toBeGreaterThan(14);
    expect(preview.warnings).toContainEqual({ warns: 'few_keys', weightPercent: 1, keys: 0 });
    expect(preview.warnings).toContainEqual({ warns: 'thin_first_step', requests: 5 });
    expect(preview.offers).toMatchObject([
      { offers: 'shorter_ladder', weights: [20, 50, 100] },
      { offers: 'larger_budget', riskBudget: 0.02 },
      { offers: 'judged_steps' },
    ]);
  });

  test('of three steps at a budget of 2 % says days', () => {
    const steps = ladder([20, 50, 100], MINUTE_MS);
    const { days } = previewPlan(plan({ guards, steps, riskBudget: 0.02 }), thin);
    expect(days.typical).toBeGreaterThan(3);
    expect(days.late).toBeLessThan(10);
  });

  test('says when stable itself breaks the limit, so that no gate can ever pass', () => {
    const traffic = { requestsPerDay: 100_000, distinctKeys: 1_000, badRate: 0.08 };
    const preview = previewPlan(plan(), traffic);
    expect(preview.warnings).toContainEqual({
      warns: 'stable_breaks_limit',
      guard: 'error_rate',
      badRate: 0.08,
    });
  });

  test('offers no judged steps where people want evidence only', () => {
    const preview = previewPlan(plan({ onThinEvidence: 'hold' }), thin);
    expect(preview.offers.map(({ offers }) => offers)).not.toContain('judged_steps');
  });
});

const busy = { requestsPerDay: 1_440_000, distinctKeys: 50_000, badRate: 0.01 };
const rungs = (...steps: readonly (readonly [weightPercent: number, days: number])[]) =>
  steps.map(([weightPercent, days]) => ({
    weightPercent,
    dwellMs: days * DAY_MS,
    approval: false,
  }));
const warnedOf = (asked: Plan, traffic: ServiceTraffic) =>
  previewPlan(asked, traffic).warnings.map(({ warns }) => warns);

describe('each step', () => {
  test('says whom it reaches and what may go wrong there, the last one without the holdback', () => {
    const steps = rungs([0, 1], [1, 1], [100, 1]);
    const preview = previewPlan(plan({ steps, holdbackPercent: 10 }), {
      ...busy,
      requestsPerDay: 150_040,
      distinctKeys: 1_990,
    });
    expect(preview.steps).toMatchObject([
      { weightPercent: 0, keys: 0, worstBadPerDay: 0 },
      { weightPercent: 1, keys: 19, worstBadPerDay: 1_501 },
      { weightPercent: 90, keys: 1_791, worstBadPerDay: 135_036 },
    ]);
  });

  test('lasts until its gate has passed, which asks about the share that comes next', () => {
    const preview = previewPlan(
      plan({ guards, steps: ladder([1, 5, 50], MINUTE_MS), riskBudget: 0.01 }),
      thin,
    );
    const shares = [
      [0.01, 0.05],
      [0.05, 0.5],
      [0.5, 1],
    ] as const;
    shares.forEach(([share, next], index) => {
      const bound = { rho: 1, delta: Math.min(0.25, 0.01 / next) };
      const { typical, late } = gateLengthOfRates(bound, thin.badRate, share);
      const { days } = preview.steps[index] ?? {};
      expect(days?.typical).toBeCloseTo(typical / (500 * share), 2);
      expect(days?.late).toBeCloseTo(late / (500 * share), 1);
    });
    const [one, two, three] = preview.steps.map(({ days }) => days.late - days.typical);
    expect(preview.days.late).toBeCloseTo(
      preview.days.typical + Math.hypot(one ?? 0, two ?? 0, three ?? 0),
      9,
    );
  });

  test('lasts three polls at least, and as long as its dwell', () => {
    const hours = { pollMs: HOUR_MS, steps: rungs([50, 1 / 24], [100, 1]) };
    expect(previewPlan(plan(hours), busy).steps.map(({ days }) => days.typical)).toEqual([
      1 / 8,
      1,
    ]);
  });

  test('never ends where stable is on the wrong side of the limit', () => {
    const { days, offers } = previewPlan(plan({ guards: [{ name: 'error_rate', limit: 0.05 }] }), {
      ...busy,
      badRate: 0.3,
    });
    expect(days).toEqual({ typical: Number.POSITIVE_INFINITY, late: Number.POSITIVE_INFINITY });
    expect(offers).toMatchObject([{ offers: 'judged_steps' }]);
  });
});

describe('a warning', () => {
  const quick = { steps: ladder([50, 100], DAY_MS) };

  test.each([
    [0.05, ['stable_breaks_limit']],
    [0.0499, []],
  ])('is given when stable itself is at its limit: %d', (badRate, warned) => {
    const limit = {
      guards: [{ name: 'error_rate', limit: 0.05 }],
      riskBudget: 1e-9,
      ...quick,
    } as const;
    const warnings = warnedOf(plan(limit), { ...busy, requestsPerDay: 1e15, badRate });
    expect(warnings.filter((warns) => warns === 'stable_breaks_limit')).toEqual(warned);
  });

  test('is not given for what nobody has measured before', () => {
    const tools = { guards: [{ name: 'tool_failure_rate', limit: 0.001 }], ...quick } as const;
    const asked = { guards: [{ name: 'latency_avg_ms', limit: 100 }], ...quick } as const;
    expect(warnedOf(plan(tools), { ...busy, badRate: 0.3 })).toEqual([]);
    expect(warnedOf(plan(asked), { ...busy, badRate: 0.3 })).toEqual([]);
  });

  test.each([
    [9_940, ['thin_first_step']],
    [9_960, []],
  ])(
    'is given when the first step with traffic gets fewer than a hundred of %d requests',
    (requestsPerDay, warned) => {
      const steps = rungs([0, 1], [1, 1], [100, 1]);
      const thinOnly = warnedOf(plan({ steps, guards }), { ...busy, requestsPerDay });
      expect(thinOnly.filter((warns) => warns === 'thin_first_step')).toEqual(warned);
    },
  );

  test('is not given of a first step where there is none but that of testers', () => {
    expect(warnedOf(plan({ steps: rungs([0, 1]) }), thin)).toEqual([]);
  });

  test('of a thin first step alone asks for no other plan', () => {
    const steps = rungs([50, 1], [100, 1]);
    const preview = previewPlan(plan({ steps, guards: [{ name: 'latency_avg_ms', limit: 100 }] }), {
      ...busy,
      requestsPerDay: 100,
    });
    expect(preview.warnings).toEqual([{ warns: 'thin_first_step', requests: 50 }]);
    expect(preview.offers).toEqual([]);
  });

  test('is given when a step reaches fewer than ten people, and none while it reaches testers only', () => {
    const steps = rungs([0, 1], [1, 1], [2, 1], [100, 1]);
    const { warnings, offers } = previewPlan(plan({ steps }), { ...busy, distinctKeys: 999 });
    expect(warnings).toEqual([{ warns: 'few_keys', weightPercent: 1, keys: 9 }]);
    expect(offers).not.toEqual([]);
    expect(warnedOf(plan({ steps }), { ...busy, distinctKeys: 1_000 })).toEqual([]);
  });

  test('is given when a step needs more than twice its dwell, but not for a few polls', () => {
    const slow = previewPlan(plan({ guards, steps: rungs([20, 1], [50, 1], [100, 1]) }), {
      ...busy,
      requestsPerDay: 1_000,
    });
    const [first] = slow.steps;
    expect(slow.warnings).toContainEqual({
      warns: 'slow_step',
      weightPercent: 20,
      days: first?.days,
    });
    expect(slow.offers).not.toEqual([]);
    expect(
      warnedOf(plan({ guards, steps: ladder([20, 50, 100], MINUTE_MS) }), {
        ...busy,
        requestsPerDay: 1e9,
      }),
    ).toEqual([]);
  });
});

describe('an offer', () => {
  const offered = (asked: Partial<Plan>, traffic: Partial<ServiceTraffic> = {}) =>
    previewPlan(plan({ onThinEvidence: 'hold', ...asked }), {
      ...busy,
      distinctKeys: 100,
      ...traffic,
    }).offers;

  test('of a shorter ladder keeps the dwells of the steps that it stands for', () => {
    const steps = rungs([1, 10], [5, 10], [20, 1], [50, 2], [100, 4]);
    expect(offered({ steps })).toEqual([
      { offers: 'shorter_ladder', weights: [20, 50, 100], days: { typical: 7, late: 7 } },
    ]);
    expect(offered({ steps: rungs([1, 10], [5, 10], [40, 5]) })).toEqual([
      { offers: 'shorter_ladder', weights: [20, 50, 100], days: { typical: 15, late: 15 } },
    ]);
  });

  test('of a shorter ladder is made only where it is shorter', () => {
    expect(offered({ steps: rungs([1, 1], [100, 2]) })).toEqual([]);
    expect(offered({ steps: rungs([1, 2], [100, 1]) })).toEqual([]);
    expect(offered({ steps: rungs([0, 1], [20, 1], [100, 1]) }, { distinctKeys: 40 })).toEqual([]);
  });

  test('of a shorter ladder is not made of steps that are large already', () => {
    const steps = rungs([0, 1], [20, 1], [30, 9], [100, 1]);
    expect(offered({ steps }, { distinctKeys: 40 })).toEqual([]);
  });

  test('of a larger budget is for the ladder as it was asked where no shorter one is quicker', () => {
    const steps = rungs([10, 0], [100, 20]);
    const traffic = { ...thin, requestsPerDay: 2_000 };
    const asked = { guards, steps, riskBudget: 0.01 };
    const [offer] = offered(asked, traffic);
    const { days } = previewPlan(plan({ ...asked, riskBudget: 0.05 }), traffic);
    expect(offer).toEqual({ offers: 'larger_budget', riskBudget: 0.05, days });
  });

  test.each([
    ['the smallest one that is done in ten days', 0.005, 500, 0.02],
    ['larger than half of stable’s rate, where none is stated', undefined, 500, 0.02],
    ['the largest, where none is done in ten days', 0.005, 20, 0.05],
    ['none, where the largest is stated', 0.05, 500, undefined],
  ])('of a larger budget is %s', (_, riskBudget, requestsPerDay, budget) => {
    const asked = {
      guards,
      steps: ladder([20, 50, 100], MINUTE_MS),
      ...(riskBudget !== undefined && { riskBudget }),
    };
    const offers = offered(asked, { requestsPerDay, badRate: 0.02 });
    expect(offers.map((offer) => offer.offers === 'larger_budget' && offer.riskBudget)).toEqual(
      budget === undefined ? [] : [budget],
    );
  });

  test('of a larger budget is made only where it is quicker than what is offered besides', () => {
    const steps = rungs([1, 10], [20, 1], [50, 2], [100, 4]);
    expect(offered({ steps, guards }, { distinctKeys: 100 })).toMatchObject([
      { offers: 'shorter_ladder', days: { typical: 7 } },
    ]);
  });

  test('of a larger budget says how long it takes then', () => {
    const steps = ladder([20, 50, 100], MINUTE_MS);
    const [offer] = offered(
      { guards, steps, riskBudget: 0.01 },
      { requestsPerDay: 500, badRate: 0.02 },
    );
    const { days } = previewPlan(plan({ guards, steps, riskBudget: 0.02 }), thin);
    expect(offer).toEqual({ offers: 'larger_budget', riskBudget: 0.02, days });
  });
});
