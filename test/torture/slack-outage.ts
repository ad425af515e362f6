/**
 * A day without Slack, on a virtual clock: what happened meanwhile is told afterwards, each thing
 * once and each thread in order; and then Slack says ok to messages and loses them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import type { Effect } from '#domain/effect.ts';
import { assert, yes } from '#domain/result.ts';
import { asInstant, HOUR_MS, SECOND_MS } from '#domain/time.ts';
import { type CarryOut, createReconciler, type Reconciler } from '#operations/reconcile.ts';
import { steerService } from '#operations/steer-service.ts';
import type { Fault } from '#sandbox/protocol.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { type Dice, dice } from '#test/bench/policy/dice.ts';
import { ana, approve, noon, start } from '#test/support/builders.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const ALERTS = 5_000;
const DAY_HOURS = 24;
/** A quick look has fewer and longer spells of trouble in its day. */
const SPELLS = { all: 24, few: 6 };
/** How often the process looks at what is owed. */
const WAKE_MS = 250;
const CHANNEL = 'C0AGENTOPS';

export async function run(trial: Trial): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-outage-'));
  try {
    return await outage(trial, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function outage(trial: Trial, folder: string): Promise<Row> {
  const roll = dice(trial.seed);
  const alerts = scaled(ALERTS, trial);
  const lanes = Math.max(2, Math.round(alerts / 50));
  const world = await open(folder, trial.seed);
  try {
    await openIncidents(world, lanes);
    const spells = trial.scale < 0.1 ? SPELLS.few : SPELLS.all;
    await aDayWithout(world, { alerts, lanes, roll, spells });
    const before = world.edits();
    world.slack.setFaults([]);
    await world.settle(100 * HOUR_MS);
    const editsARelease = (world.edits() - before) / lanes;
    const inOrder = countsOf(world, { told: 'outage', alerts, lanes, isOrdered: true });

    const forgotten = scaled(ALERTS / 10, trial);
    await withALossyMemory(world, { alerts: forgotten, lanes, roll });
    const keptUp = countsOf(world, { told: 'lossy', alerts: forgotten, lanes, isOrdered: false });
    const bad = [inOrder, keptUp].map(({ lost, twice, outOfOrder }) => lost + twice + outOfOrder);
    return {
      name: 'slack-outage',
      figure: `${alerts} alerts owed in a day's outage, token revoked midway: ${wordsOf(inOrder)}, ${editsARelease.toFixed(1)} edits a release; ${forgotten} more with some accepted and forgotten: ${wordsOf(keptUp)}`,
      ok: bad.every((count) => count === 0) && editsARelease <= 2 && world.owed() === 0,
    };
  } finally {
    await world.close();
  }
}

type World = Awaited<ReturnType<typeof open>>;

/** The real outbox on SQLite and everything that goes out, in front of the strict stand-in. */
async function open(folder: string, seed: number) {
  let nowMs: number = noon;
  const clock = () => asInstant(nowMs);
  const slack = await startStandIn({
    port: 0,
    workspace: createWorkspace(NEWCOMER_SEED, { clock, dice: dice(seed) }),
    manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
    signingSecret: 'outage-signing-secret',
    botToken: 'xoxb-outage',
  });
  const db = openDatabase(join(folder, 'signalman.db'));
  // Only the process dies here, never the power, and waiting for the disk would be most of the time.
  db.$client.pragma('synchronous = OFF');
  const [store, queries, outbox] = [createSqliteStore(db), createQueries(db), createOutbox(db)];
  const read = readSettings(`channel: ${CHANNEL}\nservices: {}`, { path: 'signalman.yml' });
  assert(read.ok, 'the settings can be read');
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const newReconciler = (): Reconciler => {
    const toSlack = createSlackCarryOut({
      slack: { botToken: 'xoxb-outage', apiUrl: slack.apiUrl },
      queries,
      outbox,
      store,
      messages: createMessageLog(db),
      settings: () => read.value.settings,
      operatorsOf: async () => [],
      clock,
      monotonicMs: clock,
      log,
      observe: () => {},
      observeToken: () => {},
    });
    // Agents pull, so traffic is where it should be as soon as it is decided.
    const carryOut: CarryOut = async (effect, owed) => {
      if (!('sync' in effect && effect.sync === 'traffic')) await toSlack(effect, owed);
    };
    return createReconciler({ outbox, clock, log, carryOut });
  };
  let reconciler = newReconciler();
  const round = async () => {
    reconciler.wake();
    await reconciler.idle();
  };
  return {
    store,
    clock,
    slack,
    round,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** What was only remembered is forgotten, as after a crash. */
    restart: () => {
      reconciler = newReconciler();
    },
    settle: async (forMs: number) => {
      const untilMs = nowMs + forMs;
      for (;;) {
        await round();
        const due = outbox.nextDue();
        if (due === undefined || nowMs > untilMs) return;
        nowMs += Math.max(WAKE_MS, due - nowMs);
      }
    },
    owe: (owes: readonly Effect[]) =>
      store.change({ kind: 'register', name: 'outage' }, () => yes({ next: null, owes }), {
        at: clock(),
      }),
    owed: () => outbox.depth().count,
    edits: () =>
      slack.traffic.calls.filter(({ method, ok }) => ok && method === 'chat.update').length,
    messages: () => slack.workspace.messages.get(CHANNEL) ?? [],
    close: async () => {
      await reconciler.idle();
      await slack.close();
      db.$client.close();
    },
  };
}

/** One open incident a service: its alert stands, and what follows goes to its thread. */
async function openIncidents(world: World, lanes: number): Promise<void> {
  for (let lane = 1; lane <= lanes; lane += 1) {
    const service = `agent-${lane}`;
    await world.store.change(
      { kind: 'service', name: service },
      () =>
        yes({
          next: {
            name: service,
            archived: false,
            stable: '2.3.3',
            former: ['2.3.2'],
            locks: [],
            nextReleaseId: lane,
          },
          owes: [],
        }),
      { at: world.clock() },
    );
    const deps = { ...world, serviceNames: () => [] };
    await steerService(deps, { service, intent: start() });
    await steerService(deps, { service, intent: approve(0, { release: lane }) });
    await world.owe([note(lane, 'first')]);
  }
  await world.settle(HOUR_MS);
}

const note = (release: number, words: string): Effect => ({
  tell: 'alert',
  release,
  alert: { what: 'not_recovering', words },
});

type Told = { readonly alerts: number; readonly lanes: number; readonly roll: Dice };

/** In each spell something else is wrong with Slack, and the process does not live through all. */
async function aDayWithout(
  world: World,
  { alerts, lanes, roll, spells }: Told & { readonly spells: number },
): Promise<void> {
  let told = 0;
  for (let spell = 0; spell < spells; spell += 1) {
    world.slack.setFaults(
      spell === spells / 2 ? REVOKED : [OUTAGES[Math.floor(roll() * OUTAGES.length)] ?? DOWN],
    );
    for (const until = (alerts * (spell + 1)) / spells; told < Math.floor(until); told += 1)
      await world.owe([note((told % lanes) + 1, `outage ${Math.floor(told / lanes)}`)]);
    for (let lane = 1; lane <= lanes; lane += 1) {
      await steerService(
        { ...world, serviceNames: () => [] },
        {
          service: `agent-${lane}`,
          intent: { to: spell % 2 === 0 ? 'pause' : 'resume', by: ana, reason: `spell ${spell}` },
        },
      );
    }
    for (let tries = 0; tries < 2; tries += 1) {
      await world.round();
      world.pass((DAY_HOURS * HOUR_MS) / spells / 2);
    }
    if (roll() < 0.3) world.restart();
  }
}

const DOWN: Fault = { method: '*', fault: 'drop' };
const OUTAGES: readonly Fault[] = [
  DOWN,
  { method: '*', fault: 'status', status: 503 },
  { method: '*', fault: 'error', error: 'internal_error' },
  // The worst kind: some of it arrives, and nobody hears that it did.
  { method: '*', fault: 'drop_after_accepting' },
  { method: '*', fault: 'status', status: 429, retryAfterSeconds: 300 },
];
const REVOKED: readonly Fault[] = [{ method: '*', fault: 'error', error: 'token_revoked' }];

/** Slack says ok to every few messages and keeps nothing of them. */
async function withALossyMemory(world: World, { alerts, lanes, roll }: Told): Promise<void> {
  for (let told = 0; told < alerts; told += 1) {
    await world.owe([note((told % lanes) + 1, `lossy ${Math.floor(told / lanes)}`)]);
    if (roll() < 0.3)
      world.slack.setFaults([{ method: 'chat.postMessage', fault: 'forget', times: 1 }]);
    if (roll() < 0.3) await world.settle(SECOND_MS);
  }
  await world.settle(100 * HOUR_MS);
}

type Counts = { readonly lost: number; readonly twice: number; readonly outOfOrder: number };
type Expected = Omit<Told, 'roll'> & { readonly told: string; readonly isOrdered: boolean };

function countsOf(world: World, { told, alerts, lanes, isOrdered }: Expected): Counts {
  const threads = new Map<string, number[]>();
  for (const { threadTs, text } of world.messages()) {
    const [, number] = new RegExp(`${told} (\\d+)`).exec(text) ?? [];
    if (threadTs && number)
      threads.set(threadTs, [...(threads.get(threadTs) ?? []), Number(number)]);
  }
  const all = [...threads.values()];
  const different = all.reduce((sum, seen) => sum + new Set(seen).size, 0);
  const posted = all.reduce((sum, seen) => sum + seen.length, 0);
  const outOfOrder = all.filter((seen) =>
    seen.some((one, at) => at > 0 && one < (seen[at - 1] ?? 0)),
  );
  assert(threads.size <= lanes, 'each incident has one thread');
  return {
    lost: alerts - different,
    twice: posted - different,
    outOfOrder: isOrdered ? outOfOrder.length : 0,
  };
}

const wordsOf = ({ lost, twice, outOfOrder }: Counts) =>
  `${lost} lost, ${twice} twice, ${outOfOrder} threads out of order`;
