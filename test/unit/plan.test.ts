import { describe, expect, test } from 'vitest';
import { planFor, type ServiceSettings } from '#domain/settings.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { aPlan } from '#test/support/builders.ts';

const step = (weightPercent: number, dwellMs: number, approval: boolean) => ({
  weightPercent,
  dwellMs,
  approval,
});
const settings = (plan: ReturnType<typeof aPlan>) => ({ plan }) as ServiceSettings;

describe('the plan of a release', () => {
  const ladder = aPlan({ steps: [step(10, 1, false), step(100, MINUTE_MS, true)] });

  test('is the one of its service, by the strategy that the service has', () => {
    expect(planFor(settings(ladder))).toBe(ladder);
    expect(planFor(settings(ladder), 'canary')).toBe(ladder);
  });

  test('by blue-green goes from testers to everybody, as carefully as the last step', () => {
    expect(planFor(settings(ladder), 'blue-green')).toEqual({
      ...ladder,
      strategy: 'blue-green',
      steps: [step(0, MINUTE_MS, true), step(100, MINUTE_MS, true)],
    });
  });

  test('by canary climbs the usual ladder, with the dwell of the first step', () => {
    const atOnce = aPlan({
      strategy: 'blue-green',
      steps: [step(0, MINUTE_MS, false), step(100, 1, false)],
    });
    const { strategy, steps } = planFor(settings(atOnce), 'canary');
    expect(strategy).toBe('canary');
    expect(steps).toEqual([1, 5, 10, 25, 50, 100].map((weight) => step(weight, MINUTE_MS, false)));
  });
});
