/** What releases leave in the register, what they owe, and what becomes of them: golden files. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '#domain/plan.ts';
import { offers } from '#domain/release-rules.ts';
import type { Service } from '#domain/service.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  bo,
  chidi,
  minutesAfterNoon,
  observe,
  policy,
  sam,
  start,
} from '#test/support/builders.ts';
import { releaseStory, type Told } from '#test/support/release-story.ts';

type Story = ReturnType<typeof releaseStory>;

const stepsOf = (dwellMs: number, ...weights: readonly number[]) =>
  weights.map((weightPercent) => ({ weightPercent, dwellMs, approval: true }));
const entered = (plan: Partial<Plan>) =>
  releaseStory()
    .at(0, start({ plan: aPlan(plan), note: 'new prompt' }))
    .at(0.2, approve(0));
const blind = observe({ says: 'unknown', reason: 'source_down', detail: '' });
const rollbackPlan = aPlan().rollback;

/** All that a reviewer wants to see of a release; evidence is a matter of its own. */
function stateOf({ live, crowned, ended, stable, former, locks }: Service) {
  const short = (release: Service['live']) => {
    if (!release) return undefined;
    const { facts, evidence: _, earlier: __, verdict, ...state } = release;
    return {
      id: facts.id,
      ...state,
      ...(verdict && { verdict: verdict.reason }),
      offers: offers(release),
    };
  };
  const releases = { live: short(live), crowned: short(crowned), ended: short(ended) };
  return { ...releases, stable, former, locks };
}

/** Polls that only bring a card up to date are left out. */
const isNews = ({ to, change }: Told) =>
  to !== 'observe' || change.audit || change.owes.some((effect) => !('sync' in effect));

const asText = (story: Story) =>
  story
    .changes()
    .filter(isNews)
    .map(({ minute, to, change: { audit, owes, next } }) => {
      const lines = [
        audit && `register ${JSON.stringify(audit)}`,
        ...owes.map((effect) => `owed ${JSON.stringify(effect)}`),
        ...Object.entries(stateOf(next)).map(([name, is]) => is && `${name} ${JSON.stringify(is)}`),
      ];
      return [`minute ${minute}: ${to}`, ...lines.filter(Boolean)].join('\n  ');
    })
    .join('\n\n');

/** Moments as the time of that day. */
const timesAsText = (text: string) =>
  text.replaceAll(/\b1795\d{9}\b/g, (ms) => new Date(Number(ms)).toISOString().slice(11, 19));

const expectGolden = (story: Story, name: string) =>
  expect(`${timesAsText(asText(story))}\n`).toMatchFileSnapshot(`../golden/register-${name}.txt`);

describe('the register is told, and everybody who has to hear of it', () => {
  test('of a release that goes up step by step, with a pause and a no on its way', async () => {
    const plan = { steps: stepsOf(2 * MINUTE_MS, 10, 100), holdbackPercent: 5, watchMs: HOUR_MS };
    const story = entered(plan)
      .watchedUntil(1)
      .at(1.5, { to: 'pause', by: chidi, reason: 'lunch' })
      .at(2, { to: 'resume', by: ana, reason: 'back' })
      .watchedUntil(60)
      .at(60, { to: 'decline', by: bo, release: 12, reason: 'not today' })
      .at(61, { to: 'promote', by: sam })
      .at(62, approve(1))
      .watchedUntil(200);
    await expectGolden(story, 'completed');
  });

  test('of a candidate that fails, and of everything until it is unlocked', async () => {
    const story = entered({ steps: stepsOf(HOUR_MS, 10, 50) })
      .watchedUntil(20, { bad: 0.4 })
      .at(21, { to: 'escalate', by: policy, release: 12, waitedMs: 5 * MINUTE_MS, paged: true })
      .at(22, { to: 'acknowledge', by: bo, release: 12 })
      .trafficIsBack()
      .watchedUntil(80)
      .at(81, { to: 'unlock', by: ana, version: '2.4.0', reason: 'the probe was broken' });
    await expectGolden(story, 'rolled-back');
  });

  test('of a stop that people are asked about, and that happens when nobody answers', async () => {
    const rollback = { ...rollbackPlan, mode: 'ask' as const, kill: ['writes'] };
    const story = entered({ rollback, steps: stepsOf(HOUR_MS, 10, 50) })
      .watchedUntil(6, { bad: 0.4 })
      .at(6, { to: 'pause', by: chidi, reason: 'looking' })
      .at(7, { to: 'resume', by: ana, reason: 'seen' })
      .watchedUntil(40, { bad: 0.4 });
    await expectGolden(story, 'asked-first');
  });

  test('of a stop while somebody has paused, and of an answer that is late to the minute', async () => {
    const rollback = { ...rollbackPlan, mode: 'ask' as const };
    const story = entered({ rollback, maxHoldMs: MINUTE_MS })
      .watchedUntil(1)
      .at(1, { to: 'pause', by: chidi, reason: 'looking' })
      .watchedUntil(4, { requests: 10 })
      .watchedUntil(30, { bad: 0.6 });
    await expectGolden(story, 'paused');
  });

  test('of steps that were granted together, but for the last one', async () => {
    const story = releaseStory()
      .at(0, start({ plan: aPlan({ steps: stepsOf(0, 10, 50, 100) }) }))
      .at(0, approve(0, { upToStep: 1 }))
      .watchedUntil(60);
    await expectGolden(story, 'granted');
  });

  test('of a version that was unlocked, tried on new evidence and stopped again', async () => {
    const steps = stepsOf(HOUR_MS, 10, 50);
    const tried = entered({ steps }).watchedUntil(20, { bad: 0.4 });
    const { locks } = tried
      .at(21, { to: 'unlock', by: ana, version: '2.4.0', reason: 'the probe was broken' })
      .service();
    const { evidence } = tried.release();
    const again = (endedAt: number) => {
      const earlier = { release: 11, attempts: 1, endedAt: minutesAfterNoon(endedAt), evidence };
      const service = aService({ locks, earlier, nextReleaseId: 13 });
      return releaseStory(service).at(30, start({ plan: aPlan({ steps }) }));
    };
    expect(again(21).release()).not.toHaveProperty('earlier');
    expect(again(22).release()).toMatchObject({ earlier: evidence });
    const back = again(22)
      .at(31, approve(0, { release: 13 }))
      .at(32, { to: 'rollback', by: chidi, reason: 'still too short' })
      .at(33, { to: 'unlock', by: ana, version: '2.4.0', reason: 'it was the prompt' });
    await expectGolden(back, 'tried-again');
  });

  test('of evidence that stays thin, and of the two who judge it', async () => {
    const story = entered({ steps: stepsOf(2 * MINUTE_MS, 10, 50), maxHoldMs: 5 * MINUTE_MS })
      .watchedUntil(8, { requests: 10 })
      .at(8.5, { to: 'promote', by: sam })
      .at(9, approve(1));
    await expectGolden(story, 'judged');
  });

  test('of a broken guard after completion that nobody sees, and then somebody', async () => {
    const steps = [{ weightPercent: 100, dwellMs: 0, approval: false }];
    const story = releaseStory()
      .at(0, start({ plan: aPlan({ unattendedFull: true, watchMs: 20 * MINUTE_MS, steps }) }))
      .watchedUntil(10)
      .watchedUntil(20, { bad: 0.3 })
      .watchedUntil(60)
      .at(61, { to: 'acknowledge', by: bo, release: 12 })
      .watchedUntil(180);
    await expectGolden(story, 'watched');
  });

  test('of a way back that nothing can verify, and of the person who ends it', async () => {
    const rollback = { ...rollbackPlan, lockCandidate: false, stabilityWindowMs: 2 * MINUTE_MS };
    const story = entered({ rollback })
      .at(1, { to: 'rollback', by: chidi, reason: 'users complain' })
      .trafficIsBack()
      .watchedUntil(8, { requests: 0 })
      .at(9, { to: 'abort', by: ana, reason: 'staging has no traffic' });
    await expectGolden(story, 'unverified');
  });

  test('of going back from a watched version with the next one proposed, or on its way', async () => {
    const completed = () => {
      const story = entered({ steps: stepsOf(0, 100) }).watchedUntil(40);
      return releaseStory({ ...story.service(), nextReleaseId: 13 }).at(
        50,
        start({ candidate: '2.5.0' }),
      );
    };
    const back = { to: 'rollback', by: chidi, reason: 'users complain' } as const;
    await expectGolden(completed().at(51, back), 'proposal-ended');
    const serving = completed().at(51, approve(0, { release: 13 }));
    await expectGolden(serving.at(52, { ...back, release: 12 }), 'both-ended');
    const aborted = completed().at(51, { to: 'abort', by: ana, reason: 'wrong build' });
    await expectGolden(aborted, 'aborted');
  });

  test('of a source that says nothing for so long that the plan goes back', async () => {
    const rollback = { ...rollbackPlan, noData: 'roll_back' as const };
    const story = entered({ rollback }).watchedUntil(3);
    for (const minute of [4, 5, 30, 60, 90, 120])
      if (story.release().phase === 'progressing') story.at(minute, blind);
    await expectGolden(story, 'no-data');
  });

  test('of a suspicion that comes and goes, and voids what was asked', async () => {
    const story = entered({ steps: stepsOf(2 * MINUTE_MS, 10, 50, 100) })
      .watchedUntil(30)
      .watchedUntil(46, { bad: 0.065 })
      .watchedUntil(60);
    await expectGolden(story, 'suspected');
  });

  test('of where traffic is, as it was read back', async () => {
    const applied = { stable: '2.3.3', candidate: '2.4.0', weightPercent: 10 };
    const story = entered({ steps: stepsOf(HOUR_MS, 10, 50) })
      .at(1, { to: 'confirm_traffic', by: policy, applied })
      .at(2, { to: 'confirm_traffic', by: policy, applied })
      .at(3, { to: 'confirm_traffic', by: policy, applied: { ...applied, weightPercent: 0 } });
    await expectGolden(story, 'traffic');
    expect(story.service().applied).toMatchObject({ weightPercent: 0 });
  });
});

test('a window is kept with the step it was counted in, and brings the card up to date', () => {
  const story = entered({ steps: stepsOf(0, 10, 100), watchMs: HOUR_MS })
    .watchedUntil(30)
    .at(31, approve(1))
    .watchedUntil(60);
  const polls = story.changes().filter(({ to }) => to === 'observe');
  const judged = polls.flatMap(({ change }) => change.judged ?? []);
  expect(new Set(judged.map(({ release, step }) => `${release}: ${step}`))).toEqual(
    new Set(['12: 0', '12: 1', '12: 2']),
  );
  const [first, second] = polls.map(({ change }) => change);
  expect(first).not.toHaveProperty('judged');
  expect(second?.judged?.verdict).toEqual(second?.next.live?.verdict);
  expect(second?.owes).toContainEqual({ sync: 'card', release: 12 });
});

test('a way back brings the card up to date when it becomes healthy, and not at each look', () => {
  const story = entered({})
    .at(1, { to: 'rollback', by: chidi, reason: 'errors' })
    .trafficIsBack()
    .watchedUntil(6);
  const looks = story.changes().filter(({ to }) => to === 'observe');
  expect(looks.map(({ change }) => change.owes.length)).toEqual([0, 1, 0, 0, 0]);
});
