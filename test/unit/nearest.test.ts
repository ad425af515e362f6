import { expect, test } from 'vitest';
import { findNearest, slipsBetween } from '#domain/nearest.ts';

const KEYS = ['steps', 'stable', 'approval', 'approvers', 'max', 'watch'];

test.each([
  ['step', 'steps'],
  ['stpes', 'steps'],
  ['STABLE', 'stable'],
  ['aproval', 'approval'],
  ['aprovers', 'approvers'],
  ['wacth', 'watch'],
])('“%s” was probably meant to be “%s”', (word, meant) => {
  expect(findNearest(word, KEYS)).toBe(meant);
});

test.each(['', 'min', 'rollback', 'zz', 'stxxs'])('“%s” is like nothing that is known', (word) => {
  expect(findNearest(word, KEYS)).toBeUndefined();
});

test('however a known word is written, it is meant', () => {
  expect(findNearest('pol', ['POLL'])).toBe('POLL');
});

test.each([
  ['poll', 'poll', 0],
  ['poll', 'pool', 1],
  ['poll', 'polls', 1],
  ['ab', 'ba', 1],
  // One half of a swap is none.
  ['ab', 'bc', 2],
  ['ab', 'ca', 2],
  ['', 'abc', 3],
])('between “%s” and “%s” lie %d slips', (one, other, slips) => {
  expect(slipsBetween(one, other)).toBe(slips);
});
