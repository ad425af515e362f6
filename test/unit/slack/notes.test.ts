import { describe, expect, test } from 'vitest';
import type { View } from '#adapters/slack/views/blocks.ts';
import { channelNotice } from '#adapters/slack/views/channel-notice.ts';
import { checkpointNotice } from '#adapters/slack/views/checkpoint-notice.ts';
import { digest } from '#adapters/slack/views/digest.ts';
import { inFallback, inPerson } from '#adapters/slack/views/elsewhere.ts';
import { flagRequest } from '#adapters/slack/views/flag-request.ts';
import { lateAnswer } from '#adapters/slack/views/late-answer.ts';
import { reviewNote, reviewReminder } from '#adapters/slack/views/review.ts';
import { isForEverybody, threadNote } from '#adapters/slack/views/thread-note.ts';
import { WELCOME } from '#adapters/slack/views/welcome.ts';
import { POLICY } from '#domain/actor.ts';
import type { ChannelNotice, ThreadNotice } from '#domain/effect.ts';
import { decideFlag, type Flag, type FlagIntent, newFlag } from '#domain/flag.ts';
import type { Review } from '#domain/review.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  approve,
  bo,
  chidi,
  minutesAfterNoon,
  noon,
  policy,
  start,
} from '#test/support/builders.ts';
import { complaintsAbout, goldenText } from '#test/support/golden.ts';
import { releaseStory } from '#test/support/release-story.ts';

const people = { operators: ['U0ANA'], approvers: ['S0APPROVERS'] };

async function readAs(name: string, views: readonly View[]) {
  for (const view of views) expect(complaintsAbout(view)).toEqual([]);
  await expect(views.map(goldenText).join('\n')).toMatchFileSnapshot(`../../golden/${name}.txt`);
}

const thrown: Review = {
  entry: 41,
  of: {
    ...{ at: noon, actor: chidi.actor, action: 'kill_on', target: { killswitch: 'writes' } },
    ...{ from: 'off', to: 'on', reason: 'it <deletes> too much' },
  },
  reminders: 0,
};
const rolledBack: Review = {
  entry: 47,
  of: {
    ...{ at: minutesAfterNoon(40), actor: POLICY, action: 'rollback', from: '2.4.0', to: '2.3.3' },
    target: { service: 'support-agent', release: 12, version: '2.4.0' },
    reason: 'Stop: error_spike. error rate 41.2 % of 600 requests (limit 5 %).',
  },
  reminders: 1,
};

describe('the thread of a release', () => {
  const story = releaseStory().at(0, start()).at(1, approve(0)).watchedUntil(20);
  const { verdict, facts } = story.release();
  if (!verdict) throw new Error('the story has a verdict');
  const words = 'The metrics cannot be read: connection refused.';
  const unread = { ...verdict, says: 'hold', reason: 'no_data', words } as const;
  const [by, reason] = [chidi.actor, 'too many <complaints>'];
  const notices: readonly ThreadNotice[] = [
    { what: 'approval_asked', step: 1, by: policy.actor, judged: false },
    { what: 'approval_asked', step: 1, by: ana.actor, judged: true },
    { what: 'step_entered', step: 1, by: bo.actor, judged: false },
    { what: 'step_entered', step: 2, by: bo.actor, judged: true },
    { what: 'declined', by, reason: '' },
    { what: 'aborted', by, reason },
    { what: 'paused', by, reason },
    { what: 'resumed', by, reason: 'looked at it' },
    { what: 'verdict_changed', verdict },
    { what: 'held_too_long', verdict, heldMs: 72 * HOUR_MS },
    { what: 'unknown_too_long', verdict: unread, unknownMs: 10 * MINUTE_MS },
    { what: 'known_again', verdict, unknownMs: 25 * MINUTE_MS },
    { what: 'completed', by: policy.actor, judged: false },
    { what: 'watch_over' },
    { what: 'watch_over', stop: verdict },
  ];

  test('shows the channel what waits for somebody, and nothing else', () => {
    const wrongSplit = { ...verdict, says: 'hold', reason: 'sample_ratio' } as const;
    const incident = {
      ...verdict,
      says: 'hold',
      reason: 'suspicion',
      because: 'both_failed',
    } as const;
    const changed = [wrongSplit, incident].map(
      (news) => ({ what: 'verdict_changed', verdict: news }) as const,
    );
    const all = [...notices, ...changed];
    expect(all.filter(isForEverybody).map(({ what }) => what)).toEqual([
      'held_too_long',
      'unknown_too_long',
      'known_again',
      'verdict_changed',
      'verdict_changed',
    ]);
  });

  test('tells each event in a sentence', () =>
    readAs(
      'thread-notes',
      notices.map((notice) => threadNote(facts, notice, people)),
    ));
});

describe('the channel', () => {
  const notices: readonly ChannelNotice[] = [
    { what: 'kill_on', name: 'global', by: chidi.actor, reason: 'it mails *everybody*' },
    { what: 'kill_on', name: 'writes/staging', by: policy.actor, reason: 'rolled back' },
    { what: 'kill_off', name: 'writes', by: ana.actor, reason: 'repaired' },
    { what: 'flag_changed', key: 'new-tone', from: 'off', to: '25 %', by: ana.actor },
    {
      what: 'flag_changed',
      key: 'new-tone',
      from: '25 %',
      to: 'on',
      by: ana.actor,
      approvedBy: bo.actor,
    },
    {
      what: 'version_unlocked',
      service: 'support-agent',
      version: '2.4.0',
      by: ana.actor,
      reason: 'the vendor had an outage',
    },
    { what: 'version_heard', service: 'support-agent', version: '2.3.3', users: 31, items: 50 },
    { what: 'version_heard', service: 'support-agent', version: '2.4.0', users: 0, items: 1 },
    { what: 'rollback_drill', service: 'support-agent', by: ana.actor, backMs: 6 },
    {
      what: 'rollback_drill_failed',
      service: 'support-agent',
      by: ana.actor,
      why: 'traffic could not be read back as rolled back in time',
    },
    { what: 'reviewed', of: thrown.of, by: bo.actor, note: 'right, <b>and</b> too late' },
    { what: 'register_in_doubt', because: 'older', known: 812, entries: 790 },
    { what: 'register_in_doubt', because: 'different', known: 812, entries: 815 },
    { what: 'register_in_doubt', because: 'unreadable', known: 0, entries: 815 },
    {
      what: 'register_accepted',
      by: { kind: 'cli', id: 'root' },
      reason: 'restored after the disk broke',
    },
  ];

  test('sees who changed a switch, a flag or a lock, and why', () =>
    readAs(
      'channel-notices',
      notices.map((notice) => channelNotice(notice, { isOn: true, waits: thrown })),
    ));

  test('offers to switch off only what is still on', () => {
    const [killed] = notices;
    if (!killed) throw new Error('there is a notice');
    expect(goldenText(channelNotice(killed, { isOn: true }))).toContain('[Switch off]');
    expect(goldenText(channelNotice(killed))).not.toContain('[Switch off]');
  });
});

describe('what comes late, or somewhere else', () => {
  const killed = channelNotice(
    { what: 'kill_on', name: 'writes', by: chidi.actor, reason: 'it <deletes>' },
    { isOn: true },
  );

  test('says when it was true, or why it is there and what mends that', () =>
    readAs('elsewhere', [
      lateAnswer('“writes” is on: agents are told to stop.', noon),
      inFallback(killed, '#agent-ops'),
      inPerson(killed, '`agent<ops>`'),
    ]));

  test('keeps a checkpoint as it was signed', () =>
    readAs('checkpoint', [
      checkpointNotice('signalman/1a2b\n812\nq83vEjRWeJA=\n\n— signalman/1a2b Az3x<&>Q==\n'),
    ]));
});

describe('what nobody asked for', () => {
  test('says in the first words of a channel what happens there, and what to type', () =>
    readAs('welcome', [WELCOME]));

  test('tells in few lines what is in flight', () => {
    const proposed = releaseStory().at(0, start());
    const serving = releaseStory().at(0, start()).at(1, approve(0)).watchedUntil(20);
    return readAs('digest', [
      digest({ releases: [serving.release()], switchesOn: [], overdue: [] }),
      digest({
        releases: [proposed.release(), serving.release()],
        switchesOn: ['writes'],
        overdue: [thrown],
      }),
      digest({ releases: [], switchesOn: [], overdue: [thrown, rolledBack] }),
    ]);
  });

  test('stays short with fifty releases in flight', () => {
    const fifty = Array.from({ length: 50 }, () => releaseStory().at(0, start()).release());
    const view = digest({
      releases: fifty,
      switchesOn: fifty.map((_, at) => `switch-${at}`),
      overdue: fifty.map(() => rolledBack),
    });
    expect(complaintsAbout(view)).toEqual([]);
    expect(goldenText(view)).toContain('*50 releases are in flight.* 50 wait for an approver.');
    expect(goldenText(view)).toContain('… and 35 more; `/rollout list` has all.');
  });
});

describe('what waits for its review', () => {
  const more = (action: string, about: Partial<Review['of']> = {}): Review => ({
    ...rolledBack,
    of: { ...rolledBack.of, actor: ana.actor, action, reason: 'it is fixed', ...about },
  });

  test('is named with who did it and why, and a button that ends its waiting', () =>
    readAs('reviews', [
      reviewReminder([thrown]),
      reviewReminder([
        ...[thrown, rolledBack, more('abort'), more('unlock')],
        more('accept_register', { target: {} }),
      ]),
      reviewNote({ of: rolledBack.of, by: bo.actor, note: 'right, and *soon* enough' }),
    ]));

  test('stays short when fifty wait', () => {
    const view = reviewReminder(Array.from({ length: 50 }, () => rolledBack));
    expect(complaintsAbout(view)).toEqual([]);
    expect(goldenText(view)).toContain('… and 40 more');
  });
});

describe('a request to raise a flag high', () => {
  const having = (...intents: readonly FlagIntent[]) =>
    intents.reduce((flag: Flag, intent) => {
      const decision = decideFlag(flag, intent, noon);
      if (!decision.ok) throw new Error(JSON.stringify(decision.refusal));
      return decision.value.next;
    }, newFlag('new-tone'));
  const raise = (percent: number): FlagIntent => ({
    to: 'set',
    by: ana,
    value: { state: 'percentage', percent },
    approvalAbovePercent: 50,
  });
  const ended = { from: 'off', to: '75 %', askedBy: ana.actor, at: minutesAfterNoon(5) };

  test('can be approved or declined, and then says by whom and has no buttons', () => {
    const open = having(raise(20), raise(75));
    const after = having(raise(20));
    return readAs('flag-requests', [
      flagRequest({ flag: open, request: 1, people }),
      flagRequest({
        flag: after,
        request: 1,
        people,
        ended: { ...ended, outcome: 'approved', by: bo.actor },
      }),
      flagRequest({
        flag: after,
        request: 1,
        people,
        ended: { ...ended, outcome: 'declined', by: chidi.actor },
      }),
      flagRequest({
        flag: having(raise(75), raise(100)),
        request: 1,
        people,
        ended: { ...ended, outcome: 'overtaken', by: ana.actor },
      }),
      flagRequest({ flag: after, request: 1, people }),
    ]);
  });
});
