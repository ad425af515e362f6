import type { HomeView } from '@slack/types';
import { expect, test } from 'vitest';
import { createHomes } from '#adapters/slack/inbound/home/homes.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { createUnopenedQueries } from '#store/unopened.ts';
import { ana } from '#test/support/builders.ts';
import { answers } from '#test/support/slack-bot.ts';
import { movableTime } from '#test/support/stand-in.ts';

/** Homes on a clock that the test moves, and everything that was sent to Slack with its time. */
async function homes(more: Parameters<typeof answers>[1] = {}) {
  const time = movableTime(0);
  const { deps, store, snapshots } = await answers({}, more);
  const published: { readonly to: string; readonly atMs: number; readonly view: HomeView }[] = [];
  let refuse = false;
  const shown = createHomes({
    ...deps,
    monotonicMs: time.clock,
    after: (ms, work) => void time.after(ms, () => void work()),
    publish: async (to, view) => {
      if (refuse) throw new Error('ratelimited');
      published.push({ to, atMs: time.clock(), view });
    },
  });
  store.onCommit(shown.changed);
  let switches = 0;
  return {
    published,
    refuses: (yes: boolean) => {
      refuse = yes;
    },
    opens: (userId: string) => shown.show({ userId, teamId: 'T0SIGNAL' }, 'everything'),
    somethingHappens: async () => {
      switches += 1;
      const intent = { to: 'on', by: ana, reason: 'because' } as const;
      await throwKillSwitch(
        { ...deps, override: snapshots },
        { name: `switch-${switches}`, intent },
      );
    },
    passes: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += SECOND_MS) {
        time.pass(SECOND_MS);
        // Drawing waits for who is who, which takes some turns of the event loop.
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      }
    },
  };
}

test('many changes at once are one drawing, and a Home that would not change is left alone', async () => {
  const { opens, published, somethingHappens, passes } = await homes();
  await opens('U0ANA');
  for (let times = 0; times < 8; times += 1) await somethingHappens();
  await passes(10 * SECOND_MS);
  expect(published.map(({ to }) => to)).toEqual(['U0ANA', 'U0ANA']);
  expect(JSON.stringify(published.at(-1)?.view)).toContain('switch-8');
});

test('a crowd of viewers is served one a second, so that Slack is never flooded', async () => {
  const { opens, published, somethingHappens, passes } = await homes();
  for (let viewer = 0; viewer < 30; viewer += 1) await opens(`U0VIEWER${viewer}`);
  await opens('U0ANA');
  await opens('U0BO');
  published.length = 0;
  for (let times = 0; times < 30; times += 1) {
    await somethingHappens();
    await passes(SECOND_MS);
  }
  const times = published.map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
  expect(times.length).toBeGreaterThan(5);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(SECOND_MS);
});

test('what Slack did not take is tried again later', async () => {
  const { opens, published, somethingHappens, passes, refuses } = await homes();
  await opens('U0ANA');
  refuses(true);
  await somethingHappens();
  await passes(5 * SECOND_MS);
  refuses(false);
  await passes(MINUTE_MS);
  expect(published).toHaveLength(2);
});

test('who has not opened theirs for an hour is not served any more', async () => {
  const { opens, published, somethingHappens, passes } = await homes();
  await opens('U0ANA');
  await passes(HOUR_MS + MINUTE_MS);
  await somethingHappens();
  await passes(10 * SECOND_MS);
  expect(published).toHaveLength(1);
});

test('who opens theirs while the database is out is told so', async () => {
  const { opens, published } = await homes({ queries: createUnopenedQueries('no such file') });
  await opens('U0ANA');
  const shown = JSON.stringify(published.at(-1)?.view);
  expect(shown).toContain('safe mode, because its database cannot be used (no such file)');
  expect(shown).toContain('Kill switch');
});
