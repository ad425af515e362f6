import { expect, test } from 'vitest';
import { findNearest } from '#domain/nearest.ts';

const KEYS = ['steps', 'stable', 'approval', 'approvers', 'max', 'watch'];

test.each([
  ['step', 'steps'],
  ['stpes', 'steps'],
  ['Stable', 'stable'],
  ['aproval', 'approval'],
  ['aprovers', 'approvers'],
  ['wacth', 'watch'],
])('“%s” was probably meant to be “%s”', (word, meant) => {
  expect(findNearest(word, KEYS)).toBe(meant);
});

test.each(['', 'min', 'rollback', 'zz'])('“%s” is like nothing that is known', (word) => {
  expect(findNearest(word, KEYS)).toBeUndefined();
});
