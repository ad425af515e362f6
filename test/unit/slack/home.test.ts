import type { HomeView } from '@slack/types';
import { expect, test } from 'vitest';
import type { RegisterEntry } from '#adapters/slack/register-entry.ts';
import {
  type HomeState,
  homeInOutage,
  homeOf,
  homeRefused,
} from '#adapters/slack/views/home/home.ts';
import type { Waiting } from '#adapters/slack/views/home/waiting.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import { CONFIGURATION } from '#domain/actor.ts';
import { newFlag } from '#domain/flag.ts';
import type { Release } from '#domain/release.ts';
import { reviewOf } from '#domain/review.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { outage } from '#store/outage.ts';
import { ana, approve, aService, chidi, noon, start } from '#test/support/builders.ts';
import { momentsAsText } from '#test/support/golden.ts';
import { releaseStory } from '#test/support/release-story.ts';

const NOTHING: HomeState = {
  isOperator: false,
  isApprover: false,
  waiting: [],
  releases: [],
  switchesOn: [],
  entries: [],
  filter: 'everything',
};

const complaintsAbout = (view: HomeView) =>
  checkView(view, 'home').map(({ pointer, message }) => `${pointer}: ${message}`);

async function showsAs(name: string, view: HomeView) {
  expect(complaintsAbout(view)).toEqual([]);
  await expect(`${momentsAsText(viewAsText(view))}\n`).toMatchFileSnapshot(
    `../../golden/home-${name}.txt`,
  );
}

const proposed = () => releaseStory().at(0, start());
const serving = () => proposed().at(1, approve(0)).watchedUntil(20);
const asked = () => proposed().at(1, approve(0)).watchedUntil(80);

const rolledBack = () =>
  serving().at(21, { to: 'rollback', by: chidi, reason: 'it <b>promises</b>' });
const reviewsOf = (story: ReturnType<typeof releaseStory>) =>
  story.entries().flatMap((one, at) => reviewOf(one, at + 1) ?? []);

function stepWaiting(release: Release): Waiting {
  if (!('ask' in release) || !release.ask) throw new Error('nothing is asked');
  return { what: 'step', release, ask: release.ask };
}

const entry = (about: Partial<RegisterEntry>): RegisterEntry => ({
  seq: 41,
  at: new Date(noon).toISOString(),
  actor: { kind: 'user', id: 'U0ANA' },
  action: 'start',
  target: { service: 'support-agent', release: 12, version: '2.4.0' },
  from: '2.3.3',
  to: '2.4.0',
  reason: '',
  outcome: 'done',
  ...about,
});

const ENTRIES = [
  entry({
    seq: 47,
    action: 'start',
    outcome: 'refused',
    target: { service: 'support-agent' },
    to: '',
    from: '',
    reason: 'role_needed',
  }),
  entry({
    seq: 46,
    action: 'kill_on',
    target: { killswitch: 'writes' },
    from: 'off',
    to: 'on',
    reason: 'it deletes too much',
  }),
  entry({ seq: 45, action: 'flag_set', target: { flag: 'new-tone' }, from: 'off', to: '20 %' }),
  entry({
    seq: 44,
    action: 'rollback',
    from: '2.4.0',
    to: '2.3.3',
    reason: 'customers <complain>',
  }),
  entry({
    seq: 43,
    actor: { kind: 'policy', id: 'policy' },
    action: 'advance',
    step: { weight_percent: 10 },
    reason: 'the evidence is within its limits',
  }),
  entry({
    seq: 42,
    actor: { kind: 'user', id: 'U0BO' },
    action: 'approve',
    step: { weight_percent: 1 },
    reason: 'approved',
  }),
  entry({
    actor: { kind: 'policy', id: 'policy' },
    action: 'verdict',
    reason: 'Hold: not_enough_evidence. The dwell of this step is not over.',
  }),
  entry({
    seq: 40,
    action: 'command',
    outcome: 'refused',
    target: {},
    reason: 'I do not know “strat”.',
  }),
  entry({
    seq: 39,
    actor: CONFIGURATION,
    action: 'service_added',
    target: { service: 'support-agent' },
    from: '',
    to: '2.3.3',
  }),
];

test('where nothing is going on each part says so, and where to begin', () =>
  showsAs('empty', homeOf({ ...NOTHING, isApprover: true })));

test('an approver sees what waits for them first, with the evidence and the buttons', () => {
  const request = { id: 3, value: { state: 'on', percent: 100 }, by: ana.actor, at: noon } as const;
  const flag = { ...newFlag('new-tone'), requests: 3, request };
  return showsAs(
    'approver',
    homeOf({
      ...NOTHING,
      isApprover: true,
      waiting: [stepWaiting(asked().release()), { what: 'flag', flag, request }],
      reviews: { mine: reviewsOf(rolledBack()), others: 1 },
      releases: [asked().release()],
      entries: ENTRIES,
    }),
  );
});

test('an operator may switch off what is on, and sees how each release stands', () =>
  showsAs(
    'operator',
    homeOf({
      ...NOTHING,
      isOperator: true,
      reviews: { mine: [], others: 0 },
      releases: [
        serving().release(),
        serving().at(21, { to: 'pause', by: chidi, reason: 'looks odd' }).release(),
        serving().watchedUntil(60, { bad: 0.412 }).release(),
      ],
      switchesOn: [
        { name: 'global', isOn: true, reason: 'fire', changedBy: chidi.actor, changedAt: noon },
        {
          name: 'writes/staging',
          isOn: true,
          reason: 'a test',
          changedBy: ana.actor,
          changedAt: noon,
        },
      ],
      filter: 'people',
      entries: ENTRIES.slice(0, 2),
    }),
  ));

test.each(['guest', 'bot', 'stranger', 'unknown'] as const)(
  'somebody who is known as %s is told why there is nothing to see',
  (membership) => showsAs(`refused-${membership}`, homeRefused(membership)),
);

test('without a database it says so, and how to stop things', () => {
  const why = outageWords(outage('DATABASE_UNOPENED', 'file is not a database')) ?? '';
  return showsAs('in-outage', homeInOutage(why));
});

test('fifty releases with the longest names stay within Slack’s limits, and none is lost in silence', () => {
  const service = `${'s'.repeat(63)}/${'e'.repeat(32)}`;
  const story = releaseStory(aService({ name: service, stable: `2.${'8'.repeat(61)}` }));
  const release = story.at(0, start({ candidate: `2.${'9'.repeat(61)}` })).release();
  const fifty = Array.from({ length: 50 }, () => release);
  const view = homeOf({
    ...NOTHING,
    isOperator: true,
    isApprover: true,
    waiting: fifty.map(stepWaiting),
    reviews: { mine: fifty.flatMap(() => reviewsOf(rolledBack())), others: 9 },
    releases: fifty,
    switchesOn: Array.from({ length: 50 }, (_, at) => ({
      name: `${'k'.repeat(60)}${at}`,
      isOn: true,
      reason: '<'.repeat(500),
    })),
    entries: Array.from({ length: 10 }, () =>
      entry({ reason: '&'.repeat(500), target: { service } }),
    ),
  });
  expect(complaintsAbout(view)).toEqual([]);
  const text = viewAsText(view);
  expect(text).toContain('… and 35 more; `/rollout list` has all.');
  expect(text).toContain('… and 40 more; `/killswitch list` has all.');
  expect(text).toContain('… and 40 more, in their channels.');
});
