import { describe, expect, test } from 'vitest';
import { alertMessage } from '#adapters/slack/views/alert.ts';
import { alertFollowUp } from '#adapters/slack/views/alert-follow-up.ts';
import type { Alert } from '#domain/effect.ts';
import { type Review, reviewOf } from '#domain/review.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  bo,
  chidi,
  minutesAfterNoon,
  noon,
  observe,
  start,
} from '#test/support/builders.ts';
import { complaintsAbout, goldenText } from '#test/support/golden.ts';
import { releaseStory } from '#test/support/release-story.ts';

const settings = {
  people: { operators: ['U0ANA'], approvers: ['S0APPROVERS'] },
  links: { runbook: 'https://wiki.example/run', logs: 'https://logs.example' },
  contact: 'S0ONCALL',
};
const rollback = { ...aPlan().rollback, kill: ['writes'] };

type Story = ReturnType<typeof releaseStory>;

type About = { readonly switchesOn?: readonly string[]; readonly done?: Review['done'] };

async function alertsAs(name: string, story: Story, { switchesOn = [], done }: About = {}) {
  const release = story.release();
  const { live, crowned, locks } = story.service();
  const left = 'from' in release ? release.from : release.facts.candidate;
  const reviews = story.entries().flatMap((entry, at) => reviewOf(entry, at + 1) ?? []);
  const view = alertMessage({
    release,
    reviews: reviews.map((one) => ({ ...one, ...(done && { done }) })),
    settings,
    windows: story.windows(),
    switchesOn,
    isCurrent: [live, crowned].some((one) => one === release),
    isLocked: locks.some((lock) => lock.version === left && !lock.unlocked),
  });
  expect(complaintsAbout(view)).toEqual([]);
  await expect(goldenText(view)).toMatchFileSnapshot(`../../golden/alert-${name}.txt`);
}

const atOnePercent = (plan = aPlan({ rollback })) =>
  releaseStory().at(0, start({ plan })).at(1, approve(0)).watchedUntil(20);
const stopped = () => atOnePercent().watchedUntil(60, { bad: 0.412 });
const completed = (watchMs = 48 * HOUR_MS) =>
  releaseStory()
    .at(
      0,
      start({
        plan: aPlan({
          unattendedFull: true,
          watchMs,
          steps: [{ weightPercent: 100, dwellMs: HOUR_MS, approval: false }],
        }),
      }),
    )
    .watchedUntil(90);

describe('the alert of a rollback', () => {
  test('says what happened in numbers, what was done, and what is left to do', () =>
    alertsAs('rolling-back', stopped(), { switchesOn: ['writes'] }));

  test('shows the words of the person who did it as they were typed', () =>
    alertsAs(
      'rolling-back-by-hand',
      atOnePercent().at(21, { to: 'rollback', by: chidi, reason: 'see <https://x.example|this>' }),
    ));

  test('says that nothing was known, and no numbers of before, where a plan goes back for that', () => {
    const story = atOnePercent(aPlan({ rollback: { ...rollback, noData: 'roll_back' } }));
    const unread = {
      says: 'unknown',
      reason: 'source_down',
      detail: 'connection refused',
    } as const;
    for (let minute = 21; minute <= 31; minute += 1)
      story.at(minute, observe(unread, { history: [] }));
    return alertsAs('rolling-back-blind', story);
  });

  test('says that traffic is back, and until when it has to stay healthy', () =>
    alertsAs('recovering', stopped().trafficIsBack().watchedUntil(40), { switchesOn: ['writes'] }));

  test('says who has seen it', () =>
    alertsAs('acknowledged', stopped().at(22, { to: 'acknowledge', by: bo, release: 12 })));

  test('says that it healed, and offers to switch off what went on with it', () =>
    alertsAs('healed', stopped().trafficIsBack().watchedUntil(120), { switchesOn: ['writes'] }));

  test('says who has reviewed it and what was found', () =>
    alertsAs('reviewed', stopped().trafficIsBack().watchedUntil(120), {
      done: {
        by: bo.actor,
        at: minutesAfterNoon(180),
        note: 'right; the <b>prompt</b> lost a line',
      },
    }));

  test('says that somebody unlocked the version again', () =>
    alertsAs(
      'unlocked',
      stopped()
        .trafficIsBack()
        .watchedUntil(120)
        .at(130, { to: 'unlock', by: ana, version: '2.4.0', reason: 'the vendor had an outage' }),
    ));

  test('asks people where the plan says that they are asked', () => {
    const plan = aPlan({ rollback: { ...rollback, mode: 'ask', askTimeoutMs: 10 * MINUTE_MS } });
    return alertsAs('stop-asked', atOnePercent(plan).watchedUntil(24, { bad: 0.5 }));
  });

  test('asks people when the new stable version breaks a limit', () =>
    alertsAs('watch-stop', completed().watchedUntil(100, { bad: 0.3 })));

  test('is closed with the watch once somebody has seen it, and does not claim that it healed', () =>
    alertsAs(
      'watch-closed',
      completed(HOUR_MS)
        .watchedUntil(100, { bad: 0.3 })
        .at(101, { to: 'acknowledge', by: bo, release: 12 })
        .watchedUntil(130),
    ));
});

describe('what follows an alert', () => {
  const verdict = stopped().release().verdict;
  if (!verdict) throw new Error('the story has a verdict');
  const by = bo.actor;
  const followUps: Record<Alert['what'], Alert> = {
    rolling_back: {
      what: 'rolling_back',
      from: '2.4.0',
      to: '2.3.3',
      by: { kind: 'policy', id: 'policy' },
      reason: verdict.words,
      verdict,
    },
    stop_asked: { what: 'stop_asked', verdict, timeoutMs: 10 * MINUTE_MS },
    watch_stop: { what: 'watch_stop', verdict },
    watch_extended: { what: 'watch_extended', until: minutesAfterNoon(60) },
    watch_over: { what: 'watch_over', seenBy: bo.actor },
    traffic_back: { what: 'traffic_back', to: '2.3.3', windowMs: 30 * MINUTE_MS },
    recovered: { what: 'recovered', to: '2.3.3', killed: ['writes', 'refunds'] },
    unverified: {
      what: 'unverified',
      to: '2.3.3',
      by,
      reason: 'staging has no traffic at night',
    },
    not_recovering: { what: 'not_recovering', words: 'error_rate 7.0 % of 300, limit 5 %.' },
    acknowledged: { what: 'acknowledged', by },
    unseen: { what: 'unseen', waitedMs: 2 * MINUTE_MS, paged: true },
    reviewed: {
      what: 'reviewed',
      of: {
        ...{ at: noon, actor: chidi.actor, action: 'rollback', from: '2.4.0', to: '2.3.3' },
        ...{ target: { service: 'support-agent', release: 12 }, reason: 'it promises refunds' },
      },
      by,
      note: 'right; the prompt lost a line',
    },
    unlocked: { what: 'unlocked', version: '2.4.0', by, reason: 'fixed <b>upstream</b>' },
  };

  test('is told in its thread, one note a kind', async () => {
    const views = Object.values(followUps).map((alert) => alertFollowUp('support-agent', alert));
    for (const view of views) expect(complaintsAbout(view)).toEqual([]);
    await expect(views.map(goldenText).join('\n')).toMatchFileSnapshot(
      '../../golden/alert-follow-ups.txt',
    );
  });
});
