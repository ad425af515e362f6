import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bet, type Bound, isOnSide, logFactor, placeBet } from '#domain/statistics/bet.ts';
import { forecastRate, learnRate, unknownRate } from '#domain/statistics/forecast.ts';
import { hopedRates } from '#domain/statistics/gate.ts';
import { fearedRates } from '#domain/statistics/rollback-evidence.ts';
import { logFactorOfValues, placeValueBet } from '#domain/statistics/value-bet.ts';
import { given, plan } from '#test/support/evidence.ts';

const rate = fc.double({ min: 0.001, max: 0.9, noNaN: true });
const size = fc.integer({ min: 1, max: 8 });
const anyBound: fc.Arbitrary<Bound> = fc.record({
  rho: fc.constantFrom(0, 0.8, 1, 1.25),
  delta: fc.double({ min: 0, max: 0.3, noNaN: true }),
});
const isTestable = ({ rho, delta }: Bound) => rho > 0 || delta > 0.001;

describe('a bet on a window', () => {
  test('has a mean of at most 1 while the candidate is within its line', () => {
    fc.assert(
      fc.property(
        anyBound.filter(isTestable),
        size,
        size,
        rate,
        rate,
        fc.constantFrom(1.5, 3, 30),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bound, own, others, forecast, truth, ratio, within) => {
          const sizes = { candidate: own, stable: others };
          const bet = placeBet(bound, fearedRates(bound, forecast, ratio), sizes);
          if (!isOnSide(bet, 'above')) return;
          const border = bound.rho * truth + bound.delta;
          fc.pre(border <= 1);
          expect(mean(bet, sizes, border * within, truth)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('for the candidate has a mean of at most 1 while it is on or above its line', () => {
    fc.assert(
      fc.property(
        anyBound.filter(({ delta }) => delta > 0.001),
        size,
        size,
        rate,
        rate,
        fc.constantFrom(0, 0.3),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bound, own, others, forecast, truth, fraction, above) => {
          const sizes = { candidate: own, stable: others };
          const hoped = hopedRates(bound, forecast, fraction);
          const bet = placeBet(bound, hoped, sizes);
          if (!isOnSide(bet, 'below')) return;
          const border = bound.rho * truth + bound.delta;
          fc.pre(border <= 1);
          const worse = border + (1 - border) * above;
          expect(mean(bet, sizes, worse, truth)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('on values has a mean of at most 1 at the border', () => {
    fc.assert(
      fc.property(rate, rate, fc.constantFrom(1.1, 1.5, 4), size, size, (p, guess, ratio, m, n) => {
        const bound = { rho: 1, delta: 0 };
        const stable = { mean: Math.min(guess, 0.5), variance: 0.02 };
        const feared = fearedRates(bound, stable.mean, ratio).candidateRate;
        const bet = placeValueBet(bound, feared, stable, { candidate: m, stable: n });
        // Values that are 0 or 1 scatter the most of all values with this mean.
        const arm = (size: number, bad: number) => ({ values: [0, 1], counts: [size - bad, bad] });
        let sum = 0;
        for (let bad = 0; bad <= m; bad += 1)
          for (let other = 0; other <= n; other += 1)
            sum +=
              chance(m, bad, p) *
              chance(n, other, p) *
              Math.exp(logFactorOfValues(bet, arm(m, bad), arm(n, other)));
        expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  test('that is split in two, the second placed by what the first taught, stays fair', () => {
    fc.assert(
      fc.property(rate, fc.constantFrom(2, 10), (truth, ratio) => {
        const sizes = { candidate: 3, stable: 4 };
        const bound = { rho: 1, delta: 0 };
        const place = (stableRate: number) =>
          placeBet(bound, fearedRates(bound, stableRate, ratio), sizes);
        const first = place(forecastRate(unknownRate));
        const whole = sumOver(sizes, truth, truth, (bad, other) => {
          const seen = { observations: sizes.stable, bad: other };
          const second = place(forecastRate(learnRate(unknownRate, seen)));
          return factor(first, sizes, bad, other) * mean(second, sizes, truth, truth);
        });
        expect(whole).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});

/** Hundreds of requests of which both arms lose the same share, so that only the service changed. */
const sharedMinute = fc.record({
  scale: fc.integer({ min: 1, max: 20 }),
  percent: fc.integer({ min: 0, max: 100 }),
});

test('whatever happens to both arms alike, in whatever order, never stops or raises suspicion', () => {
  const policy = plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] });
  fc.assert(
    fc.property(fc.array(sharedMinute, { minLength: 1, maxLength: 40 }), (minutes) => {
      const story = given(policy).at(10, { step: 2 });
      for (const { scale, percent } of minutes) {
        story.sees({
          candidate: [100 * scale, percent * scale],
          stable: [900 * scale, 9 * percent * scale],
        });
        // Complete failure of both arms is told as an incident, by a rule of its own.
        if (percent === 100) continue;
        expect(story.verdict().figures.logEvidence).toBeLessThanOrEqual(1e-9);
      }
      expect(story.verdict().says).not.toBe('stop');
    }),
    { numRuns: 60 },
  );
});

const poll = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('counts' as const), bad: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('unknown' as const), bad: fc.nat(0) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('silent' as const), bad: fc.nat(0) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('again' as const), bad: fc.nat(0) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('step' as const), bad: fc.nat(0) }) },
);

test('in any story missing data is never health, a stop stays, and a repeat changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(poll, { maxLength: 60 }),
      fc.integer({ min: 0, max: 6 }),
      (polls, luck) => {
        const story = given(plan()).at(10, { step: 0 });
        let step = 0;
        let isStopped = false;
        for (const { what, bad } of polls) {
          const before = story.state();
          if (what === 'counts')
            story.sees({ candidate: [100, Math.max(0, bad - luck)], stable: [900, 9] });
          if (what === 'silent') story.sees({ candidate: [0, 0], stable: [900, 9] });
          if (what === 'unknown')
            story.hears({ says: 'unknown', reason: 'source_down', detail: 'refused' });
          if (what === 'step') story.at(10, { step: ++step });
          if (what === 'again') {
            story.again();
            expect({ ...story.state(), unknown: null }).toEqual({ ...before, unknown: null });
          }
          const { says, reason } = story.verdict();
          if (what === 'unknown' || what === 'silent') expect(says).not.toBe('allow');
          if (isStopped) expect(says).toBe('stop');
          isStopped ||= says === 'stop';
          expect(reason).not.toBe('rollback_required');
          expect(story.state().starts.spent).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 100 },
  );
});

type Sizes = { candidate: number; stable: number };

const mean = (bet: Bet, sizes: Sizes, own: number, others: number) =>
  sumOver(sizes, own, others, (bad, other) => factor(bet, sizes, bad, other));

const factor = (bet: Bet, sizes: Sizes, bad: number, other: number) =>
  Math.exp(
    logFactor(bet, {
      candidate: { observations: sizes.candidate, bad },
      stable: { observations: sizes.stable, bad: other },
    }),
  );

/** The mean over every outcome there is, by exact enumeration. */
function sumOver(
  sizes: Sizes,
  own: number,
  others: number,
  value: (bad: number, other: number) => number,
): number {
  let sum = 0;
  for (let bad = 0; bad <= sizes.candidate; bad += 1)
    for (let other = 0; other <= sizes.stable; other += 1)
      sum +=
        chance(sizes.candidate, bad, own) * chance(sizes.stable, other, others) * value(bad, other);
  return sum;
}

function chance(n: number, k: number, p: number): number {
  let choose = 1;
  for (let i = 1; i <= k; i += 1) choose = (choose * (n - k + i)) / i;
  return choose * p ** k * (1 - p) ** (n - k);
}
