import { expect, test } from 'vitest';
import {
  type Forecast,
  forecastSpread,
  learnRate,
  learnSpread,
  unknownRate,
  unknownSpread,
} from '#domain/statistics/forecast.ts';

const halved = ({ observations, bad, squares }: Forecast) => ({
  observations: expect.closeTo(observations / 2, 10),
  bad: expect.closeTo(bad / 2, 10),
  squares: expect.closeTo(squares / 2, 10),
});

test('what was seen counts half after sixty windows in which nothing was', () => {
  let [ofRate, ofSpread] = [unknownRate, unknownSpread];
  for (let window = 0; window < 60; window += 1) {
    ofRate = learnRate(ofRate, { observations: 0, bad: 0 });
    ofSpread = learnSpread(ofSpread, { values: [0.5], counts: [0] });
  }
  expect(ofRate).toEqual(halved(unknownRate));
  expect(ofSpread).toEqual(halved(unknownSpread));
});

test('a bad one is its own square', () => {
  const learned = learnRate({ observations: 0, bad: 0, squares: 0 }, { observations: 9, bad: 4 });
  expect(learned).toEqual({ observations: 9, bad: 4, squares: 4 });
});

test('values are expected to lie and to scatter as they did', () => {
  const seen = { values: [0.2, 0.6, 0.9], counts: [1, 3] };
  const learned = learnSpread({ observations: 0, bad: 0, squares: 0 }, seen);
  expect(learned).toEqual({
    observations: 4,
    bad: expect.closeTo(2, 12),
    squares: expect.closeTo(1.12, 12),
  });
  const { mean, variance } = forecastSpread(learned);
  expect(mean).toBeCloseTo(0.5, 12);
  expect(variance).toBeCloseTo(0.03, 12);
});

test('values that are all the same are expected to scatter a little', () => {
  expect(forecastSpread({ observations: 4, bad: 2, squares: 1 }).variance).toBe(1e-8);
});
