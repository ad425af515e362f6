import { expect, test } from 'vitest';
import { type History, runHistory } from '#test/simulation/run-history.ts';
import { openSqliteDisk } from '#test/simulation/sqlite-disk.ts';

const HISTORIES = 24;
const RELEASES = 5;

test('whatever fails and whenever it crashes, a history of releases breaks no promise', async () => {
  const begin = Math.floor(Math.random() * 2 ** 31);
  const seen: History[] = [];
  for (let seed = begin; seed < begin + HISTORIES; seed += 1) {
    const history = await runHistory({ seed, releases: RELEASES });
    expect(history.broken, `seed ${seed}`).toEqual([]);
    seen.push(history);
  }
  // Histories in which nothing happens would prove nothing.
  const sum = (of: (history: History) => number) =>
    seen.reduce((total, history) => total + of(history), 0);
  expect(sum(({ crashes }) => crashes)).toBeGreaterThan(HISTORIES);
  expect(sum(({ counts }) => counts.entered)).toBeGreaterThan(HISTORIES);
  expect(sum(({ counts }) => counts.completed)).toBeGreaterThan(0);
  expect(sum(({ counts }) => counts.rolledBack)).toBeGreaterThan(0);
});

test('the same seed is the same history, and the store is no part of it', async () => {
  const disk = openSqliteDisk();
  const real = await runHistory({ seed: 7, releases: RELEASES, open: disk.open });
  disk.close();
  expect(await runHistory({ seed: 7, releases: RELEASES })).toEqual(real);
});
