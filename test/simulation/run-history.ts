/**
 * One history from one seed: people, polls, faults and crashes on a made-up clock, in one thread.
 * Nothing in it waits for anything real, so the same seed is the same history, to the last step.
 */
import { yes } from '#domain/result.ts';
import { asInstant, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { wantedTraffic } from '#operations/sync-traffic.ts';
import { checkChain } from '#store/check-register.ts';
import { cardOf } from '#test/simulation/faulty-slack.ts';
import { createHost, type Host } from '#test/simulation/host.ts';
import { liveOn } from '#test/simulation/live-on.ts';
import type { Machine } from '#test/simulation/machine.ts';
import { emptyDisk } from '#test/simulation/memory-store/disk.ts';
import { openMemoryStore } from '#test/simulation/memory-store/memory-store.ts';
import { type Turns, takeOverTurns } from '#test/simulation/virtual-turns.ts';
import { createWorld, type OpenStore, SERVICES, type World } from '#test/simulation/world.ts';

export type History = {
  readonly seed: number;
  readonly steps: number;
  readonly crashes: number;
  readonly counts: World['witness']['counts'];
  /** What happened that may never happen; empty when all went well. */
  readonly broken: readonly string[];
};

type Wanted = { readonly seed: number; readonly releases: number; readonly open?: OpenStore };

export async function runHistory({ seed, releases, open }: Wanted): Promise<History> {
  const disk = emptyDisk();
  const world = createWorld(seed, open ?? (() => openMemoryStore(disk)));
  const turns = takeOverTurns();
  try {
    return await live(world, turns, releases);
  } finally {
    turns.end();
  }
}

async function live(world: World, turns: Turns, releases: number): Promise<History> {
  const { seed, timeline, witness } = world;
  const { broken, counts } = witness;
  await addServices(world);
  const host = createHost(world);
  const stop = liveOn(world, host);
  const hoursMax = releases * 2 + 10;
  const isEnough = () => counts.started >= releases || timeline.monotonicMs() > hoursMax * HOUR_MS;
  let steps = 0;
  while (!isEnough() && broken.length === 0) {
    timeline.next();
    await turns.settle();
    steps += 1;
    host.checkKills();
    host.planWake();
  }
  if (broken.length === 0) {
    stop();
    await heal(world, host, turns);
    checkEnd(world);
  }
  return { seed, steps, crashes: host.crashes(), counts, broken };
}

async function addServices(world: World): Promise<void> {
  const { store } = world.open();
  for (const name of SERVICES) {
    const next = { name, archived: false, stable: 'v0', former: [], locks: [], nextReleaseId: 1 };
    const owes = [{ sync: 'traffic' as const, service: name }];
    await store.change({ kind: 'service', name }, () => yes({ next, owes }), {
      at: world.timeline.clock(),
    });
  }
}

/** The slowest answer there is comes sooner. */
const ANSWERS_WITHIN_MS = 4 * MINUTE_MS;
/** Whatever waits is tried once a minute at least. */
const HEALED_WITHIN_MS = 15 * MINUTE_MS;
const WAKE_MS = 10 * SECOND_MS;

/** All is well again: what is owed must be carried out, however long it was not. */
async function heal(world: World, host: Host, { settle }: Turns): Promise<void> {
  const { timeline, weather, witness, chance } = world;
  // The worst moment to set a clock back: when much of what is owed waits for a time of day.
  if (chance.is(0.3)) timeline.setWall(-HOUR_MS);
  weather.clearUp();
  const clearedMs = timeline.monotonicMs();
  let quietSinceMs = clearedMs;
  while (timeline.monotonicMs() - quietSinceMs < ANSWERS_WITHIN_MS) {
    const machine = host.machine();
    machine?.wake();
    void machine?.settle();
    await settle();
    const isOwing =
      !machine || machine.outbox.nextDue() !== undefined || machine.journal.pending().length > 0;
    if (isOwing) quietSinceMs = timeline.monotonicMs();
    if (quietSinceMs - clearedMs > HEALED_WITHIN_MS) {
      witness.must(false, `something is owed although all is well: ${owedIn(machine)}`);
      return;
    }
    timeline.after(WAKE_MS, () => {});
    timeline.next();
    await settle();
  }
}

/** What hangs, for whoever has to find out why. */
const owedIn = (machine: Machine | undefined) =>
  JSON.stringify(
    (['here', 'pages', 'slack'] as const).flatMap(
      (share) => machine?.outbox.due(share, asInstant(Number.MAX_SAFE_INTEGER), 5) ?? [],
    ),
  );

function checkEnd(world: World): void {
  const { witness, traffic, slack } = world;
  const { queries, register } = world.open();
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  for (const service of queries.services()) {
    const { name, applied } = service;
    const wanted = wantedTraffic(service);
    witness.must(same(traffic.of(name), wanted), `traffic of ${name} is not as wanted`);
    witness.must(same(applied, wanted), `traffic of ${name} is not on file as it is`);
  }
  for (const [card, shows] of slack.cards) {
    const release = Number(card.split(':')[1]);
    witness.must(shows === cardOf(queries, { release }), `${card} shows ${shows}`);
  }
  witness.mustHaveToldAll();
  const chain = checkChain(register());
  witness.must(chain.intact, `the chain is broken: ${JSON.stringify(chain)}`);
}
