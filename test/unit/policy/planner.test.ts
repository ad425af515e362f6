import { describe, expect, test } from 'vitest';
import { previewPlan } from '#domain/policy/planner.ts';
import { DAY_MS, MINUTE_MS } from '#domain/time.ts';
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
