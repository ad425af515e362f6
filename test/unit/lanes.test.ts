import { expect, test } from 'vitest';
import type { Effect } from '#domain/effect.ts';
import { laneOf, priorityOf, shareOf, subjectOf } from '#store/lanes.ts';
import { ana, noon } from '#test/support/builders.ts';

const by = ana.actor;

test.each<[Effect, string | null, string, number, string]>([
  [{ sync: 'traffic', service: 'mail' }, 'traffic:mail', 'traffic:mail', 0, 'here'],
  [{ sync: 'card', release: 12 }, 'card:12', 'card:12', 3, 'slack'],
  [{ sync: 'escalation', release: 12 }, 'escalation:12', 'escalation:12', 1, 'pages'],
  [
    { sync: 'flag_request', flag: 'f', request: 2 },
    'flag_request:f:2',
    'flag_request:f:2',
    3,
    'slack',
  ],
  [{ throw: 'killswitch', name: 'writes', release: 12 }, null, 'kill:writes', 0, 'here'],
  [
    { tell: 'thread', release: 12, notice: { what: 'aborted', by, reason: '' } },
    null,
    'thread:12',
    4,
    'slack',
  ],
  [
    { tell: 'alert', release: 12, alert: { what: 'unseen', waitedMs: 1, paged: true } },
    null,
    'alert:12',
    1,
    'slack',
  ],
  [
    { tell: 'channel', notice: { what: 'kill_on', name: 'writes', by, reason: '' } },
    null,
    'kill_notice:writes',
    0,
    'slack',
  ],
  [
    { tell: 'channel', notice: { what: 'kill_off', name: 'writes', by, reason: '' } },
    null,
    'kill_notice:writes',
    0,
    'slack',
  ],
  [
    { tell: 'channel', notice: { what: 'flag_changed', key: 'f', from: 'off', to: 'on', by } },
    null,
    'channel:',
    2,
    'slack',
  ],
])('%j waits where it belongs', (effect, subject, lane, priority, share) => {
  expect(subjectOf(effect)).toBe(subject);
  expect(laneOf(effect)).toBe(lane);
  expect(priorityOf(effect)).toBe(priority);
  expect(shareOf(effect)).toBe(share);
});

test('what is told to one person or signed waits for itself alone, and what was heard for all', () => {
  const answer: Effect = { tell: 'answer', to: 'U0ANA', text: 'done' };
  const checkpoint: Effect = { tell: 'checkpoint', note: '' };
  const heard: Effect = {
    tell: 'channel',
    service: 'mail',
    notice: { what: 'version_heard', service: 'mail', version: '2', users: 1, items: 1 },
  };
  const effects = [answer, checkpoint, heard];
  expect(effects.map(laneOf)).toEqual(['answer:U0ANA', 'checkpoint', 'channel:mail']);
  expect(effects.map(shareOf)).toEqual(['slack', 'slack', 'slack']);
  expect(effects.map(priorityOf)).toEqual([2, 4, 4]);
});

test('welcomes, digests and reviews have a lane for each', () => {
  const welcome: Effect = { sync: 'welcome', channel: 'C1' };
  const digest: Effect = { sync: 'digest', at: noon };
  const reviews: Effect = { sync: 'reviews', at: noon };
  const effects = [welcome, digest, reviews];
  expect(effects.map(laneOf)).toEqual(['welcome:C1', `digest:${noon}`, `reviews:${noon}`]);
  expect(effects.map(priorityOf)).toEqual([3, 3, 3]);
  expect(effects.map(shareOf)).toEqual(['slack', 'slack', 'slack']);
});
