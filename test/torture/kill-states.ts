/**
 * A kill within two seconds, whatever state everything around it is in, by every way there is, and
 * by all of them at once. It is measured from the request until an agent that asks is told to stop.
 */
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { type Dice, dice } from '#test/bench/policy/dice.ts';
import { type KillHouse, openKillHouse, type Way } from '#test/torture/kill-house.ts';
import { killWhileBlocked, type Timed } from '#test/torture/kill-while-blocked.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const KILL_MS_MAX = 2_000;
const RUNS = 100;
/** Whoever is not obeyed by then is not waited for any longer. */
const GIVEN_UP_AFTER_MS = 4 * KILL_MS_MAX;
const WAYS: readonly Way[] = ['slack', 'cli', 'http'];

type Kill = { readonly way: Way; readonly name: string };
/** How kills are thrown in a state: one after the other by each way, where nothing else is said. */
type Throw = (house: KillHouse, kills: readonly Kill[], roll: Dice) => Promise<readonly Timed[]>;

/** What makes a state, and how to leave it again; and how kills are thrown in it. */
type State = {
  readonly enter: (house: KillHouse) => Promise<() => unknown>;
  readonly ways?: readonly Way[];
  /** How many runs are made before it is left, where that is not as many as usual. */
  readonly stay?: number;
  readonly throws?: Throw;
};
/** Not for ever: what cannot be committed meanwhile fills the journal. */
const STAY = 25;

const STATES: Readonly<Record<string, State>> = {
  'Slack down': {
    enter: async ({ slack }) => {
      slack.setFaults([{ method: '*', fault: 'status', status: 503 }]);
      return () => slack.setFaults([]);
    },
  },
  'disk full': {
    enter: async ({ db }) => {
      const pages = db.$client.pragma('page_count', { simple: true });
      db.$client.pragma(`max_page_count = ${pages}`);
      return () => db.$client.pragma('max_page_count = 1073741823');
    },
  },
  'database locked': {
    enter: async ({ databasePath }) => {
      const stray = new Sqlite(databasePath);
      stray.exec('BEGIN EXCLUSIVE');
      return () => stray.close();
    },
    // The first of them meet a lock that nobody has waited for yet.
    stay: 5,
  },
  'database corrupt': {
    enter: async (house) => {
      await house.toSafeMode();
      return house.restart;
    },
  },
  'metrics down': {
    enter: async ({ slack }) => {
      await slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
      return () => {};
    },
  },
  // Slack's request waits in front of the blocked thread, and is taken when the block ends.
  'loop blocked': {
    enter: async () => () => sleep(20),
    ways: ['http', 'cli'],
    throws: async (house, kills) => killWhileBlocked(house, kills),
  },
  flood: {
    enter: async ({ url, asksForList }) => {
      let isOver = false;
      const flood = Array.from({ length: 20 }, async () => {
        while (!isOver) {
          await evaluate(url, 'support-agent.version').catch(() => {});
          await asksForList().catch(() => {});
        }
      });
      return async () => {
        isOver = true;
        await Promise.all(flood);
      };
    },
  },
  restarting: {
    enter: async (house) => {
      const restarted = house.restart();
      return () => restarted;
    },
    stay: 5,
    throws: throwSpread,
  },
};

export async function run({ seed, scale }: Trial): Promise<Row> {
  const house = await openKillHouse();
  const roll = dice(seed);
  const runs = scaled(RUNS, { scale });
  const timed: Timed[] = [];
  try {
    for (const [state, { enter, ways = WAYS, stay = STAY, throws = throwInTurn }] of Object.entries(
      STATES,
    ))
      for (let at = 0; at < runs; at += stay) {
        const kills = Array.from({ length: Math.min(stay, runs - at) }, (_, nth) =>
          ways.map((way) => ({ way, name: nameOf(state, way, at + nth) })),
        ).flat();
        const leave = await enter(house);
        timed.push(...(await throws(house, kills, roll)));
        await leave();
        await house.settle();
      }
  } finally {
    await house.close();
  }
  const slowest = timed.reduce((one, other) => (other.ms > one.ms ? other : one));
  const late = timed.filter(({ ms }) => ms > KILL_MS_MAX).map(inWords);
  const load = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`;
  const figure =
    `${Object.keys(STATES).length} states, ${runs} runs each by every way, ${load}: slowest ` +
    `${inWords(slowest)}${late.length > 0 ? `, late: ${late.slice(0, 5).join(', ')}` : ''}`;
  return { name: 'kill-states', figure, ok: late.length === 0 };
}

const nameOf = (state: string, way: Way, nth: number) =>
  `${state.replaceAll(' ', '-').toLowerCase()}-${way}-${nth}`;
const inWords = ({ kill, ms }: Timed) => `${kill} ${Math.round(ms)} ms`;

/** By every way at once, so that none of them can rely on what another one has set right. */
async function throwInTurn(house: KillHouse, kills: readonly Kill[]): Promise<readonly Timed[]> {
  const lanes = WAYS.map(async (way) => {
    const timed: Timed[] = [];
    for (const kill of kills) if (kill.way === way) timed.push(await timeToEffect(house, kill));
    return timed;
  });
  return (await Promise.all(lanes)).flat();
}

/** A restart takes longer than this, so each of them comes at another moment of it. */
const RESTART_MS_MIN = 300;

async function throwSpread(
  house: KillHouse,
  kills: readonly Kill[],
  roll: Dice,
): Promise<readonly Timed[]> {
  const moments = kills.map((kill) => ({ kill, afterMs: roll() * RESTART_MS_MIN }));
  return await Promise.all(
    moments.map(async ({ kill, afterMs }) => {
      await sleep(afterMs);
      return await timeToEffect(house, kill);
    }),
  );
}

async function timeToEffect(house: KillHouse, { way, name }: Kill): Promise<Timed> {
  const startedMs = performance.now();
  let isThrown = false;
  for (;;) {
    if (!isThrown) isThrown = await house.kill(way, name).catch(() => false);
    const isOn = (await evaluate(house.url, `kill.${name}`).catch(() => false)) === true;
    const ms = performance.now() - startedMs;
    if (isOn || ms > GIVEN_UP_AFTER_MS) return { kill: name, ms };
    // Somebody who gets no answer tries again.
    await sleep(20);
  }
}

async function evaluate(url: string, key: string): Promise<unknown> {
  const response = await fetch(`${url}/ofrep/v1/evaluate/flags/${key}`, {
    method: 'POST',
    body: JSON.stringify({ context: { targetingKey: 'user-1' } }),
    signal: AbortSignal.timeout(KILL_MS_MAX),
  });
  return Object((await response.json()) as unknown).value;
}
