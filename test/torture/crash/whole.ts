/**
 * The whole started bot, killed at named points and at any time in turns, with its Slack and its
 * agents' thread; after each death what was asked is delivered twice more.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope } from '#sandbox/slack/delivery/envelope.ts';
import type { Dice } from '#test/bench/policy/dice.ts';
import { type Death, type Lane, openLane } from '#test/torture/crash/lane.ts';
import { POINTS } from '#test/torture/crash/points.ts';

const LANES = 2;
/** From the moment it is ready; by then everything has happened that three requests lead to. */
const RANDOM_MS_MAX = 400;
/** How long a point may take to be reached, before the process is killed where it is. */
const PATIENCE_MS = 4_000;

export async function killWhole(count: number, roll: Dice) {
  const deaths = Array.from({ length: count }, (_, index): Death => {
    const at = POINTS[(index / 2) % POINTS.length];
    return at === undefined ? { afterMs: roll() * RANDOM_MS_MAX } : { at, pass: 1 };
  });
  const shares = Array.from({ length: LANES }, (_, lane) =>
    deaths.filter((_death, index) => index % LANES === lane),
  );
  const outcomes = await Promise.all(shares.map((share, lane) => killAgainAndAgain(share, lane)));
  return { deaths: count, problems: outcomes.flat() };
}

async function killAgainAndAgain(
  deaths: readonly Death[],
  number: number,
): Promise<readonly string[]> {
  const lane = await openLane();
  const problems: string[] = [];
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
  return problems;
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
