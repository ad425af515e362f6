import { expect, test } from 'vitest';
import { minutesFor, minutesOf } from '#test/torture/plan.ts';
import { ROWS } from '#test/torture/rows.ts';

const rows = Object.values(ROWS);

test('all that is promised about bad days is tried in less than half an hour', () => {
  expect(minutesOf(rows)).toBeLessThanOrEqual(28);
});

test('a row gets the time that rows before it did not need, and never less than its own', () => {
  const row = { minutes: 3 };
  const left = [row, { minutes: 9, alone: true as const }, { minutes: 4 }];
  expect(minutesFor(row, left, 10)).toBe(3 + 28 - 10 - 12.5);
  expect(minutesFor(row, left, 20)).toBe(3);
});
