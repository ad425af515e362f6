import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { branchesIn, unrunIn } from '#test/coverage/unrun.ts';
import { divideMutants } from '#test/mutation/divide.ts';
import { drawMutants } from '#test/mutation/draw-mutants.ts';
import { restOf } from '#test/mutation/follow-lane.ts';
import { type Mutant, plantMutants, SWITCH } from '#test/mutation/plant.ts';

const source = `
const small = (size) => size <= 3 && !isOdd(size);
function isOdd(size) { return size % 2 === 1; }
`;

/** What code gives when one mutant is tried, or none. */
function runWith({ code }: { readonly code: string }, tried?: number): unknown {
  const isTried = (id: number) => id === tried;
  const script = `${code}\n[0, 1, 2, 3, 4].map(small).join(' ')`;
  return runInNewContext(script, { [SWITCH]: isTried });
}

const change = ({ line, from, to }: Mutant) => `${line}: ${from} -> ${to}`;

test('every small change is planted, with its place', () => {
  const { mutants } = plantMutants({ file: 'small.ts', source, firstId: 0 });
  expect(mutants.map(change)).toMatchInlineSnapshot(`
    [
      "3: size % 2 -> (size) * (2)",
      "3: size % 2 === 1 -> (size % 2) !== (1)",
      "3: { return size % 2 === 1; } -> ",
      "2: !isOdd(size) -> isOdd(size)",
      "2: size <= 3 -> (size) < (3)",
      "2: size <= 3 -> (size) > (3)",
      "2: size <= 3 && !isOdd(size) -> (size <= 3) || (!isOdd(size))",
      "2: size <= 3 && !isOdd(size) -> undefined",
    ]
  `);
});

test('planted code is what it was until one of its mutants is tried', () => {
  const planted = plantMutants({ file: 'small.ts', source, firstId: 0 });
  expect(runWith(planted)).toBe('true false true false false');
  const unnoticed = planted.mutants.filter(
    ({ id }) => runWith(planted, id) === 'true false true false false',
  );
  // Three is odd either way.
  expect(unnoticed.map(change)).toEqual(['2: size <= 3 -> (size) < (3)']);
});

test('what belongs to an else stays with it when the statement before it may be taken away', () => {
  const chosen = `
    const small = (size) => nameOf(size) === 'small';
    function nameOf(size) { let name; if (size > 2) name = 'large'; else name = 'small'; return name; }
  `;
  const { code } = plantMutants({ file: 'chosen.ts', source: chosen, firstId: 0 });
  expect(runWith({ code })).toBe('true true true false false');
});

test('a seed draws the same mutants again', () => {
  const { mutants } = plantMutants({ file: 'small.ts', source, firstId: 0 });
  expect(drawMutants(mutants, 3, 1)).toEqual(drawMutants(mutants, 3, 1));
  expect(drawMutants(mutants, 3, 1)).not.toEqual(drawMutants(mutants, 3, 2));
  expect(drawMutants(mutants, 1_000, 1)).toEqual(mutants);
});

test('whole files go to each lane, the largest first', () => {
  const mutantsOf = (file: string, ids: readonly number[]) =>
    ids.map((id): Mutant => ({ id, file, line: 1, from: '', to: '' }));
  const mutants = [
    ...mutantsOf('small.ts', [1, 2]),
    ...mutantsOf('large.ts', [11, 12, 13, 14]),
    ...mutantsOf('middling.ts', [21, 22, 23]),
  ];
  expect(divideMutants(mutants, 2)).toEqual([
    [11, 12, 13, 14],
    [21, 22, 23, 1, 2],
  ]);
  expect(divideMutants(mutantsOf('alone.ts', [1]), 2)).toEqual([[1]]);
});

test('a lane that was ended goes on with the mutants that live and the tests that are not over', () => {
  const rest = restOf(
    [1, 2, 3, 4],
    [
      { ended: 'a test', reached: [1, 2, 3], killed: [1], timedOut: [2] },
      { over: 'test/unit/first.test.ts' },
      { begins: 'another test' },
      { tries: 3 },
    ],
  );
  expect(rest).toEqual({ chosen: [3, 4], overWith: ['test/unit/first.test.ts'] });
});

describe('branches', () => {
  const block = (startOffset: number, endOffset: number, count: number) => ({
    startOffset,
    endOffset,
    count,
  });
  const once = { functions: [{ ranges: [block(0, 10, 1), block(2, 6, 0), block(3, 4, 1)] }] };

  test('that no count saw run are told with their places', () => {
    expect(unrunIn([once], 10)).toEqual([
      { start: 2, end: 3 },
      { start: 4, end: 6 },
    ]);
    const again = { functions: [{ ranges: [block(4, 5, 2)] }] };
    expect(unrunIn([once, again], 10)).toEqual([
      { start: 2, end: 3 },
      { start: 5, end: 6 },
    ]);
    expect(branchesIn([once, again])).toBe(4);
  });

  test('of a file that nothing loads are the whole file', () => {
    expect(unrunIn([], 3)).toEqual([{ start: 0, end: 3 }]);
  });
});
