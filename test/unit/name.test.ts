import { expect, test } from 'vitest';
import {
  isFlagKey,
  isGlobalSwitch,
  isName,
  isServiceName,
  isVersion,
  splitName,
} from '#domain/name.ts';

test.each([
  ['support-agent', true],
  ['support-agent/staging', true],
  ['a.b_c-1', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['Support', false],
  ['-agent', false],
  ['agent/', false],
  ['agent/a/b', false],
  ['agent staging', false],
  ['two\nlines', false],
])('%j is a name: %s', (text, is) => {
  expect(isName(text)).toBe(is);
});

test.each([
  ['2.4.0', true],
  ['v2:canary_1-rc', true],
  ['.2', false],
  ['2.4"', false],
  ['2 4', false],
])('%j is a version: %s', (text, is) => {
  expect(isVersion(text)).toBe(is);
});

test.each([
  ['Beta.Search', true],
  ['beta/staging', true],
  ['killer', true],
  ['b.kill.a', true],
  ['.version.a', false],
  ['version', true],
  ['kill.writes', false],
  ['kill.writes/staging', false],
  ['support-agent.version', false],
  ['support-agent.version/staging', false],
  ['a b', false],
])('%j may be the key of a flag: %s', (text, is) => {
  expect(isFlagKey(text)).toBe(is);
});

test.each([
  ['support-agent', true],
  ['killer', true],
  ['kill', false],
  ['kill/staging', false],
  ['global', false],
  ['Support', false],
])('%j may be the name of a service: %s', (text, is) => {
  expect(isServiceName(text)).toBe(is);
});

test('a name has the environment after its slash', () => {
  expect(splitName('writes')).toEqual({ base: 'writes' });
  expect(splitName('writes/staging')).toEqual({ base: 'writes', environment: 'staging' });
  expect(splitName('/staging')).toEqual({ base: '', environment: 'staging' });
  expect(isGlobalSwitch('global/staging')).toBe(true);
  expect(isGlobalSwitch('writes/global')).toBe(false);
});
