/** One process of Signalman, wired as compose.ts does it, on a disk that outlives it. */
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createCarryOut } from '#adapters/carry-out.ts';
import type { FlagIntent } from '#domain/flag.ts';
import type { KillIntent } from '#domain/killswitch.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { pollServices } from '#operations/poll-services.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import { createReconciler } from '#operations/reconcile.ts';
import { steerService } from '#operations/steer-service.ts';
import { recallKills, settleKills, throwKillSwitch } from '#operations/throw-kill-switch.ts';
import type { Journal, Outbox } from '#store/port.ts';
import { createTellSlack } from '#test/simulation/faulty-slack.ts';
import { asking, calling, type Life } from '#test/simulation/life.ts';
import { type Asked, LockedDisk, watchedStore } from '#test/simulation/watched-store.ts';
import { SERVICES, type World } from '#test/simulation/world.ts';

export type Machine = ReturnType<typeof startMachine>;

export function startMachine(world: World, life: Life) {
  const { timeline, traffic, metrics, slack, witness } = world;
  // An outage is a warning; an error is something that nobody expected.
  const error = (details: object, message: string) => {
    const { err } = Object(details);
    witness.must(!life.isAlive() || err instanceof LockedDisk, `${message}: ${err}`);
  };
  const log = { info: () => {}, warn: () => {}, error };
  const opened = world.open();
  const { queries } = opened;
  const snapshots = createSnapshotHolder(snapshotOf(emptySnapshot('production'), queries));
  opened.store.onCommit((commit) => snapshots.update((now) => withCommit(now, commit)));
  /** What is being asked while the store is called, which happens at once. */
  let asked: Asked;
  const store = watchedStore(world, life, { ...opened, snapshots, asked: () => asked });
  const base = {
    store,
    queries,
    clock: timeline.clock,
    override: snapshots,
    journal: mortalJournal(life, opened.journal),
    uniqueId: world.freshKey,
    log,
    serviceNames: () => SERVICES,
  };
  const outbox = mortal(life, opened.outbox);
  const reconciler = createReconciler({
    outbox,
    clock: timeline.clock,
    log,
    carryOut: createCarryOut({
      ...base,
      traffic: traffic.driver(life),
      slack: createTellSlack(slack, life, queries),
      settings: () => ({ alerts: { unseenAfterMs: 2 * MINUTE_MS } }),
      secondChannel: () => ({ tell: () => asking(life, slack.page) }),
    }),
  });
  store.onCommit(reconciler.wake);
  reconciler.wake();
  const settle = () =>
    settleKills(base).catch((err: unknown) => error({ err }, 'The journal cannot be settled'));
  recallKills(base);
  void settle();
  let isPolling = false;
  return {
    life,
    queries,
    outbox,
    journal: opened.journal,
    snapshots,
    wake: reconciler.wake,
    settle,
    steer: (service: string, intent: ServiceIntent, inboxKey: string) => {
      asked = intent;
      const outcome = steerService(base, { service, intent, inboxKey });
      asked = undefined;
      return outcome;
    },
    flag: (key: string, intent: FlagIntent, inboxKey: string) => {
      asked = intent;
      const outcome = changeFlag(base, { key, intent, inboxKey });
      asked = undefined;
      return outcome;
    },
    kill: (name: string, intent: KillIntent, inboxKey: string) => {
      asked = intent;
      const outcome = throwKillSwitch(base, { name, intent, inboxKey });
      asked = undefined;
      return outcome;
    },
    poll: async () => {
      if (isPolling) return;
      isPolling = true;
      const reader = metrics.reader(life);
      await pollServices({ ...base, ...FILE, metrics: reader });
      isPolling = false;
    },
  };
}

/** Whatever a process has not written down when it ends is not written down. */
function mortal(life: Life, outbox: Outbox): Outbox {
  return {
    ...outbox,
    due: (share, at, limit) => (life.isAlive() ? outbox.due(share, at, limit) : []),
    trying: (owed) => calling(life, () => outbox.trying(owed)),
    done: (owed, at) => calling(life, () => outbox.done(owed, at)),
    retry: (owed, notBefore, error) => calling(life, () => outbox.retry(owed, notBefore, error)),
  };
}

function mortalJournal(life: Life, journal: Journal): Journal {
  return {
    append: (kill) => calling(life, () => journal.append(kill)),
    pending: () => (life.isAlive() ? journal.pending() : []),
    tryWriting: () => calling(life, () => journal.tryWriting()),
    clear: (key) => calling(life, () => journal.clear(key)),
  };
}

/** What a poll asks of the configuration. */
const FILE = {
  defaultEnvironment: () => 'production',
  settings: () => ({ pollMs: MINUTE_MS }),
};
