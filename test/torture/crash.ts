/**
 * The started bot, killed as kill -9 does it, at every named point and at any time; after each death
 * what was asked is delivered twice more. Nothing acknowledged is lost, and nothing happens twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope } from '#sandbox/slack/delivery/envelope.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { type Death, type Lane, openLane } from '#test/torture/crash/lane.ts';
import { POINTS } from '#test/torture/crash/points.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const TIMES_EACH = 25;
const RANDOM = 2_000;
const LANES = 2;
/** From the moment it is ready; by then everything has happened that three requests lead to. */
const RANDOM_MS_MAX = 400;
/** How long a point may take to be reached, before the process is killed where it is. */
const PATIENCE_MS = 4_000;

export async function run(trial: Trial): Promise<Row> {
  const roll = dice(trial.seed);
  const deaths: Death[] = [
    ...POINTS.flatMap((at) =>
      Array.from({ length: scaled(TIMES_EACH, trial) }, (_, index) => ({
        at,
        pass: 1 + (index % 3),
      })),
    ),
    ...Array.from({ length: scaled(RANDOM, trial) }, () => ({ afterMs: roll() * RANDOM_MS_MAX })),
  ];
  const shares = Array.from({ length: LANES }, (_, lane) =>
    deaths.filter((_death, index) => index % LANES === lane),
  );
  const outcomes = await Promise.all(shares.map((share, lane) => killAgainAndAgain(share, lane)));
  const problems = outcomes.flatMap(({ problems: found }) => found);
  for (const problem of problems) console.log(`  ${problem}`);
  const reached = outcomes.reduce((sum, outcome) => sum + outcome.reached, 0);
  const figure =
    `${deaths.length} kills, ${reached} of them at ${POINTS.length} named points, ` +
    `each followed by two more deliveries: ${problems.length} effects or changes lost or doubled`;
  return { name: 'crash', figure, ok: problems.length === 0 };
}

type Outcome = { readonly problems: readonly string[]; readonly reached: number };

async function killAgainAndAgain(deaths: readonly Death[], number: number): Promise<Outcome> {
  const lane = await openLane();
  const problems: string[] = [];
  let reached = 0;
  let before: readonly Envelope[] = [];
  try {
    // The channel's ID is learnt from the first post, and by that later ones are looked up.
    await lane.start();
    await lane.slack.deliver(lane.request('/rollout', 'flag set warm-up 10%'));
    await lane.quiet();
    for (const [index, death] of deaths.entries()) {
      await lane.stop();
      const bot = await lane.start(death);
      const requests = requestsFor(lane, `${number}-${index}`);
      const asked = deliverAll(lane, [...before, ...before, ...requests]);
      const patienceMs = 'afterMs' in death ? death.afterMs : PATIENCE_MS;
      const end = await Promise.race([bot.ended, pause(patienceMs)]);
      if (end && 'at' in death) reached += 1;
      if (!end) await bot.end('SIGKILL');
      await asked;
      before = requests;
    }
    await lane.stop();
    await lane.start();
    await deliverAll(lane, [...before, ...before]);
    await lane.quiet();
    problems.push(...lane.problems());
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await lane.close();
  }
  return { problems, reached };
}

/** A flag and a kill of their own, and a release that takes the place of the one before. */
const requestsFor = ({ request }: Lane, name: string): readonly Envelope[] => [
  request('/rollout', 'rollback support-agent too slow'),
  request('/rollout', `flag set flag-${name} 10%`),
  request('/killswitch', `on kill-${name} too eager`),
  request('/rollout', `start support-agent 2.4.${name}`),
];

/** In the order in which people ask; a process that is gone answers nobody. */
async function deliverAll({ slack }: Lane, requests: readonly Envelope[]): Promise<void> {
  for (const request of requests) await slack.deliver(request);
}
