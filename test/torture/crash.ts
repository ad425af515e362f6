/**
 * Killed as kill -9 does it, at every named point and at any time; after each death what was asked
 * is delivered twice more. Nothing acknowledged is lost, and nothing happens twice. Most deaths are
 * those of a light process with all that is durable in it, and some of the whole started bot.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Dice, dice } from '#test/bench/policy/dice.ts';
import { openBunch } from '#test/torture/crash/bunch.ts';
import type { Death } from '#test/torture/crash/lane.ts';
import type { Asked } from '#test/torture/crash/pipe.ts';
import { POINTS } from '#test/torture/crash/points.ts';
import { killWhole } from '#test/torture/crash/whole.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const TIMES_EACH = 25;
const RANDOM = 2_000;
/** Of the whole bot, which takes seconds for each. */
const WHOLE = 8;
const LANES = 2;
/** In one process; a death is one of each of them, and each is somewhere else just then. */
const HOUSES = 8;
/** By then everything has happened that four requests lead to. */
const RANDOM_MS_MAX = 250;
const PATIENCE_MS = 5_000;
const TRIES_MAX = 3;
/** A point is passed by each of them a few times; at which of those it ends is varied. */
const PASSES_MAX = 2 * HOUSES;

export async function run(trial: Trial): Promise<Row> {
  const roll = dice(trial.seed);
  const named = POINTS.flatMap((at) =>
    Array.from({ length: scaled(TIMES_EACH, trial) }, (_, index) => ({
      at,
      pass: 1 + (index % PASSES_MAX),
    })),
  );
  // Where one house is at its point, the others are anywhere, so those deaths count as random.
  const asWell = named.length * (HOUSES - 1);
  const left = Math.max(1, Math.ceil((scaled(RANDOM, trial) - asWell) / HOUSES));
  const random = Array.from({ length: left }, () => ({ afterMs: roll() * RANDOM_MS_MAX }));
  const deaths = shuffled<Death>([...named, ...random], roll);
  const shares = Array.from({ length: LANES }, (_, lane) =>
    deaths.filter((_death, index) => index % LANES === lane),
  );
  const lanes = await Promise.all(shares.map((share, lane) => killAgain(share, lane, trial)));
  const whole = await killWhole(scaled(WHOLE, trial), roll);
  const problems = [...lanes.flatMap((lane) => lane.problems), ...whole.problems];
  for (const problem of problems) console.log(`  ${problem}`);
  const sum = (of: (lane: Lived) => number) => lanes.reduce((total, lane) => total + of(lane), 0);
  const died = sum(({ deaths: own }) => own);
  const reached = sum((lane) => lane.reached);
  const figure =
    `${died} processes of ${HOUSES} installations each killed, ` +
    `${reached} at ${POINTS.length} named points and the others at any time, ` +
    `and the whole bot ${whole.deaths} times, with two more deliveries after each: of ` +
    `${sum(({ acknowledged }) => acknowledged)} acknowledged requests and ` +
    `${sum(({ told }) => told)} messages ${problems.length} lost or doubled`;
  const ok = problems.length === 0;
  const untried = {
    ...untriedOf(reached, named.length, 'deaths at named points'),
    ...untriedOf(died, deaths.length, 'processes'),
  };
  return { name: 'crash', figure, ok, ...untried };
}

export type Lived = {
  readonly problems: readonly string[];
  readonly deaths: number;
  readonly reached: number;
  readonly acknowledged: number;
  readonly told: number;
};

/** One bunch of installations through all of these deaths. */
export async function killAgain(
  deaths: readonly Death[],
  lane: number,
  { isOver, houses = HOUSES }: Pick<Trial, 'isOver'> & { readonly houses?: number },
): Promise<Lived> {
  const bunch = await openBunch(houses);
  const lived = { deaths: 0, reached: 0 };
  let before: readonly Asked[] = [];
  try {
    // The channel's ID is learnt from the first post, and by that later ones are looked up.
    await bunch.start();
    for (const one of requestsFor(`${lane}-first`, houses)) bunch.ask(one);
    await bunch.quiet();
    await bunch.end();
    const left = deaths.map((death) => ({ death, tries: 1 }));
    for (let next = left.shift(); next && !isOver?.(); next = left.shift()) {
      const { death, tries } = next;
      const { ended } = await bunch.start(death);
      const asked = requestsFor(`${lane}-${lived.deaths}`, houses);
      for (const one of [...before, ...before, ...asked]) bunch.ask(one);
      const patienceMs = 'afterMs' in death ? death.afterMs : PATIENCE_MS;
      const hasDied = await Promise.race([ended, pause(patienceMs, false, { ref: false })]);
      if (hasDied && 'at' in death) lived.reached += 1;
      // It may pass there less often than was drawn, or later; a house comes by sooner or later.
      if (!hasDied && 'at' in death && tries < TRIES_MAX)
        left.push({ death: { ...death, pass: 1 }, tries: tries + 1 });
      await bunch.end();
      lived.deaths += 1;
      before = asked;
    }
    await bunch.start();
    for (const one of [...before, ...before]) bunch.ask(one);
    await bunch.quiet();
    await bunch.end();
    const [acknowledged, told] = [bunch.acknowledged(), bunch.told()];
    return { problems: bunch.problems(), ...lived, acknowledged, told };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { problems: [why], ...lived, acknowledged: 0, told: 0 };
  } finally {
    await bunch.end();
    bunch.close();
  }
}

/** A flag and a kill of their own, and a release that takes the place of the one before. */
const requestsFor = (name: string, houses: number): readonly Asked[] =>
  Array.from({ length: houses }, (_, house) =>
    (
      [
        { ask: 'rollback' },
        { ask: 'flag', flag: `flag-${name}` },
        { ask: 'kill', name: `kill-${name}` },
        { ask: 'start', candidate: `2.4.${name}` },
      ] as const
    ).map((wish) => ({ house, key: `${wish.ask}:${house}:${name}`, wish })),
  ).flat();

const shuffled = <One>(all: readonly One[], roll: Dice): readonly One[] =>
  all
    .map((one) => ({ one, place: roll() }))
    .sort((one, other) => one.place - other.place)
    .map(({ one }) => one);
