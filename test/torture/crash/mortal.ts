/**
 * Several installations in one process, which all die with it: the real operations, store, outbox
 * and reconciler, with all that is told to Slack, but neither Bolt nor the agents' thread, so that a
 * death costs a fraction of a second. `mortal.ts <folder> <houses>`.
 */
import { join } from 'node:path';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createCarryOut } from '#adapters/carry-out.ts';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import { servedTraffic } from '#adapters/traffic/pull.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { asInstant, SECOND_MS } from '#domain/time.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import { createReconciler } from '#operations/reconcile.ts';
import { steerService } from '#operations/steer-service.ts';
import { recallKills, settleKills, throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { journalPath } from '#store/journal.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { ana } from '#test/support/builders.ts';
import { HOUSE, SETTINGS } from '#test/torture/crash/house-settings.ts';
import { openJournal } from '#test/torture/crash/mortal-journal.ts';
import { createOutbox } from '#test/torture/crash/mortal-outbox.ts';
import { createSqliteStore } from '#test/torture/crash/mortal-store.ts';
import { createPullTraffic } from '#test/torture/crash/mortal-traffic.ts';
import type { ToMortal, ToWatcher, Wish } from '#test/torture/crash/pipe.ts';

/** Slack's limits are kept by a faster clock, or a life would be over before the fifth message. */
const PACE = 200;
const WAKE_MS = SECOND_MS / 20;

function openHouse(folder: string, house: number) {
  const path = join(folder, `${house}.db`);
  const db = openDatabase(path);
  const store = createSqliteStore(db);
  const queries = createQueries(db);
  const outbox = createOutbox(db);
  const clock = () => asInstant(Date.now());
  const quiet = { info: () => {}, warn: () => {}, error: console.error };
  const snapshots = createSnapshotHolder(snapshotOf(emptySnapshot('production'), queries));
  const journal = openJournal({
    path: journalPath(path),
    part: 'bot',
    onTrouble: console.error,
  });
  const base = {
    ...{
      store,
      queries,
      clock,
      journal,
      log: quiet,
      override: snapshots,
      settings: () => SETTINGS,
    },
    uniqueId: () => crypto.randomUUID(),
    serviceNames: () => [HOUSE],
  };
  const slack = createSlackCarryOut({
    ...base,
    outbox,
    slack: { apiUrl: String(house), botToken: '' },
    messages: createMessageLog(db),
    operatorsOf: async () => [],
    monotonicMs: () => performance.now() * PACE,
    observe: () => {},
    observeToken: () => {},
  });
  const traffic = createPullTraffic(async (name) => servedTraffic(snapshots.current(), name));
  const carryOut = createCarryOut({ ...base, traffic, slack, secondChannel: () => undefined });
  const reconciler = createReconciler({ outbox, carryOut, clock, log: quiet });
  store.onCommit((commit) => snapshots.update((now) => withCommit(now, commit)));
  store.onCommit(reconciler.wake);
  recallKills(base);
  void settleKills(base).catch(console.error);
  setInterval(reconciler.wake, WAKE_MS);
  reconciler.wake();
  return (wish: Wish, inboxKey: string) => carryOutWish(base, wish, inboxKey);
}

type WishDeps = Parameters<typeof steerService>[0] & Parameters<typeof throwKillSwitch>[0];

async function carryOutWish(deps: WishDeps, wish: Wish, inboxKey: string): Promise<unknown> {
  const steer = { service: HOUSE, inboxKey };
  switch (wish.ask) {
    case 'rollback': {
      const intent = { to: 'rollback', by: ana, reason: 'too slow' } as const;
      return await steerService(deps, { ...steer, intent });
    }
    case 'start': {
      const { candidate } = wish;
      const plan = SETTINGS.services.get(HOUSE)?.plan;
      if (!plan) throw new Error('The house has a plan.');
      const intent = {
        to: 'start',
        by: ana,
        candidate,
        plan,
        digest: candidate,
        note: '',
      } as const;
      return await steerService(deps, { ...steer, intent });
    }
    case 'flag': {
      const value = { state: 'percentage', percent: 10 } as const;
      const intent = { to: 'set', by: ana, value, approvalAbovePercent: 50 } as const;
      return await changeFlag(deps, { key: wish.flag, intent, inboxKey });
    }
    case 'kill': {
      const intent = { to: 'on', by: ana, reason: 'too eager' } as const;
      return await throwKillSwitch(deps, { name: wish.name, intent, inboxKey });
    }
  }
}

const [folder = '', count = '1'] = process.argv.slice(2);
const houses = Array.from({ length: Number(count) }, (_, house) => openHouse(folder, house));
const say = (told: ToWatcher) => process.send?.(told);
process.on('message', async (told: ToMortal) => {
  if (told.is !== 'asked') return;
  const { house, key, wish } = told;
  await houses[house]?.(wish, key);
  say({ is: 'acknowledged', house, key });
});
process.on('disconnect', () => process.exit(0));
say({ is: 'ready' });
