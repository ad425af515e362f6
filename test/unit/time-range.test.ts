import { expect, test } from 'vitest';
import { cell } from '#adapters/cli/audit-csv.ts';
import { isWithin, takeRange } from '#adapters/cli/time-range.ts';

const within = (...words: readonly string[]) => {
  const taken = takeRange(words);
  if (!taken.ok) throw new Error(taken.refusal);
  return (at: string) => isWithin(taken.value.range, at);
};

test('a range of days holds both days whole, and one of times ends before its end', () => {
  const days = within('--from', '2026-11-20', '--to', '2026-11-21');
  expect(days('2026-11-19T23:59:59.999Z')).toBe(false);
  expect(days('2026-11-20T00:00:00.000Z')).toBe(true);
  expect(days('2026-11-21T23:59:59.999Z')).toBe(true);
  expect(days('2026-11-22T00:00:00.000Z')).toBe(false);
  const times = within('--to', '2026-11-20T10:00+01:00');
  expect(times('2026-11-20T08:59:59.999Z')).toBe(true);
  expect(times('2026-11-20T09:00:00.000Z')).toBe(false);
  expect(within()('2026-11-20T09:00:00.000Z')).toBe(true);
});

test('what is no moment is answered with what one looks like', () => {
  for (const text of ['yesterday', '2026-13-01', '2026-11-31', '2026-11-20T09:00', '1', ''])
    expect(takeRange(['--from', text])).toMatchObject({
      refusal: expect.stringMatching(/write a day such as 2026-11-20, or a time/),
    });
  const backwards = takeRange(['--from', '2026-11-21', '--to', '2026-11-20']);
  expect(backwards).toMatchObject({ refusal: expect.stringMatching(/is not before/) });
});

test('a cell of the table never begins as a formula does', () => {
  for (const begin of ['=', '+', '-', '@', '\t', '\r'])
    expect(cell(`${begin}HYPERLINK("x")`)).toMatch(/^"?'/);
  expect(cell('plain, with a comma')).toBe('"plain, with a comma"');
});
