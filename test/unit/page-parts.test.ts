import { describe, expect, test } from 'vitest';

import { labelStride, scaleFor, slicePath } from '#sandbox/page/blocks/chart-shape.ts';
import { alternatives, findCompletions } from '#sandbox/page/chat/slash-completion.ts';
import { findUnread, markRead } from '#sandbox/page/state/unread.ts';
import { applyChange, inChannel, inThread, readState } from '#sandbox/page/state/workspace.ts';
import type { PageState, ShownMessage } from '#sandbox/protocol.ts';

const COMMANDS = [
  {
    command: '/rollout',
    description: 'Releases',
    usageHint:
      'start <service> <version> | pause|resume <service> [reason] | flag set <key> on|off',
  },
  { command: '/killswitch', description: 'Stops', usageHint: 'on <name> <reason> | list' },
];
const offers = (typed: string) => findCompletions(typed, COMMANDS).map(({ insert }) => insert);

describe('slash completion', () => {
  test('reads the lines of a usage hint', () => {
    expect(alternatives('pause|resume <service> | list | [help]')).toEqual([
      'pause <service>',
      'resume <service>',
      'list',
      'help',
    ]);
  });
  test.each([
    ['hello', []],
    ['/', ['/rollout ', '/killswitch ']],
    ['/kill', ['/killswitch ']],
    ['/rollout p', ['/rollout pause ']],
    ['/rollout pause ', ['/rollout pause ']],
    ['/rollout start support-agent ', ['/rollout start support-agent ']],
    ['/rollout flag set new-tone o', ['/rollout flag set new-tone o']],
    ['/rollout dance ', []],
    ['/unknown ', []],
  ])('offers for %j: %j', (typed, expected) => {
    expect(offers(typed)).toEqual(expected);
  });
});

describe('chart geometry', () => {
  test('scales in round steps from zero', () => {
    expect(scaleFor([1.2, 13.8])).toEqual({ low: 0, high: 15, ticks: [0, 5, 10, 15] });
    expect(scaleFor([0, 0]).high).toBeGreaterThan(0);
    expect(scaleFor([-3, 2]).low).toBeLessThanOrEqual(-3);
  });
  test('drops labels that would overlap', () => {
    const labels = Array.from({ length: 20 }, (_, index) => `2026-11-${index}`);
    expect(labelStride(labels, 2_000)).toBe(1);
    expect(labelStride(labels, 400)).toBeGreaterThan(2);
  });
  test('draws a whole circle, which one arc cannot', () => {
    expect(slicePath(0, 1, 10).match(/A/g)).toHaveLength(2);
    expect(slicePath(0, 0.75, 10)).toContain('A10 10 0 1 1');
  });
});

const message = (ts: string, about: Partial<ShownMessage> = {}): ShownMessage => ({
  channel: 'C1',
  ts,
  broadcast: false,
  by: 'U2',
  text: 'hello',
  blocks: [],
  postedAtMs: Number(ts) * 1000,
  ephemeral: false,
  replyCount: 0,
  replyUsers: [],
  reactions: [],
  pinned: false,
  ...about,
});

function workspaceOf(messages: readonly ShownMessage[]) {
  const me = {
    id: 'U1',
    name: 'a',
    realName: 'A',
    title: '',
    kind: 'member',
    playable: true,
  } as const;
  const state: PageState = {
    seq: 1,
    nowMs: 0,
    team: { id: 'T', name: 'T', domain: 't' },
    app: { id: 'A', name: 'A', botUserId: 'U9', homeTab: false },
    me,
    people: [me],
    groups: [{ id: 'S1', handle: 'ops', members: ['U1'] }],
    channels: [{ id: 'C1', name: 'c', topic: '', kind: 'channel', members: ['U1'] }],
    messages,
    modals: [],
    commands: [],
    shortcuts: [],
  };
  return readState(state);
}

describe('the page keeps messages', () => {
  const texts = (list: readonly ShownMessage[] = []) => list.map(({ ts }) => ts);

  test('in order, whatever order they arrive in, and edits in place', () => {
    const before = workspaceOf([message('3'), message('1')]);
    const posted = applyChange(before, { seq: 2, what: 'message_posted', message: message('2') });
    const edit = {
      seq: 3,
      what: 'message_changed',
      message: message('1', { text: 'new' }),
    } as const;
    const edited = applyChange(posted, edit);
    expect(texts(edited.messages.get('C1'))).toEqual(['1', '2', '3']);
    expect(edited.messages.get('C1')?.[0]?.text).toBe('new');
    const deleted = { seq: 4, what: 'message_deleted', channel: 'C1', ts: '2' } as const;
    expect(texts(applyChange(edited, deleted).messages.get('C1'))).toEqual(['1', '3']);
  });

  test('with replies in their thread, and in the channel only when broadcast', () => {
    const all = [
      message('1', { threadTs: '1' }),
      message('2', { threadTs: '1' }),
      message('3', { threadTs: '1', broadcast: true }),
    ];
    expect(texts(inChannel(all))).toEqual(['1', '3']);
    expect(texts(inThread(all, '1'))).toEqual(['1', '2', '3']);
  });

  test('and counts what is new, who is called, and nothing of one’s own', () => {
    const all = [
      message('1'),
      message('5'),
      message('6', { text: 'hey <@U1>' }),
      message('7', { text: '<!subteam^S1>' }),
      message('8', { by: 'U1' }),
      message('9', { threadTs: '1' }),
    ];
    const workspace = workspaceOf(all);
    expect(findUnread(workspace, new Map(), '4').get('C1')).toEqual({ count: 3, mentions: 2 });
    const marks = markRead(new Map(), 'U1', 'C1', all);
    expect(findUnread(workspace, marks, '4').get('C1')).toEqual({ count: 0, mentions: 0 });
  });
});
