import { expect, test } from 'vitest';
import { createUsage } from '#adapters/agents/usage.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

function usage() {
  const time = { now: asInstant(1_000_000) };
  return { time, usage: createUsage(() => time.now) };
}

test('a switch nobody ever asked for has no audience', () => {
  expect(usage().usage.audience('production', 'kill.writes')).toEqual({ pollers: 0 });
});

test('a key counts as asked for by name and in a list of all, the later of both', () => {
  const { time, usage: heard } = usage();
  heard.asked('production', 'kill.writes');
  const byName = time.now;
  expect(heard.audience('production', 'kill.writes').lastAskedAt).toBe(byName);
  time.now = asInstant(time.now + SECOND_MS);
  heard.listed('production');
  expect(heard.audience('production', 'kill.writes').lastAskedAt).toBe(time.now);
  expect(heard.audience('staging', 'kill.writes').lastAskedAt).toBeUndefined();
});

test('who polls is counted with how often, as they say it or as it is measured', () => {
  const { time, usage: heard } = usage();
  heard.seen('production', 'says so', 15_000);
  for (let n = 0; n < 30; n += 1) {
    heard.seen('production', 'is measured');
    time.now = asInstant(time.now + 2 * SECOND_MS);
  }
  const { pollers, everyMs } = heard.audience('production', 'kill.writes');
  expect(pollers).toBe(2);
  expect(everyMs).toBe(2_000);
});

test('who has been silent for long does not count any more', () => {
  const { time, usage: heard } = usage();
  heard.seen('production', 'gone');
  time.now = asInstant(time.now + 6 * MINUTE_MS);
  heard.seen('production', 'here');
  expect(heard.audience('production', 'kill.writes').pollers).toBe(1);
});

test('callers cannot fill the memory with names of their own', () => {
  const { usage: heard } = usage();
  for (let n = 0; n < 3_000; n += 1) heard.asked('production', `kill.invented-${n}`);
  expect(heard.keysAsked('production')).toHaveLength(2_000);
  for (let n = 0; n < 21_000; n += 1) heard.seen('production', `client-${n}`);
  expect(heard.audience('production', 'x').pollers).toBeLessThanOrEqual(20_000);
});
