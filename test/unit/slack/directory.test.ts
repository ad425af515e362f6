import { describe, expect, test } from 'vitest';
import { createDirectory, type DirectoryClient } from '#adapters/slack/inbound/directory.ts';
import type { SlackUser } from '#adapters/slack/inbound/membership.ts';
import { someSettings } from '#test/support/some-settings.ts';

const MEMBER: SlackUser = {
  teamId: 'T0SIGNAL',
  name: 'ana',
  deleted: false,
  isBot: false,
  isRestricted: false,
  isStranger: false,
};

type About = {
  readonly user?: Partial<SlackUser>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly ourTeam?: string | undefined;
};

/** A Slack of a few lines: it counts what it is asked, and can be slow or down. */
function directory({ user = {}, groups = {}, ...about }: About = {}) {
  const slack = {
    user: { ...MEMBER, ...user },
    groups,
    groupsAreReadable: true,
    asked: [] as string[],
    answer: async () => {},
  };
  const client: DirectoryClient = {
    userInfo: async (id) => {
      slack.asked.push(id);
      await slack.answer();
      return slack.user;
    },
    groupMembers: async (id) => {
      slack.asked.push(id);
      await slack.answer();
      if (!slack.groupsAreReadable) throw new Error('plan_upgrade_required');
      return slack.groups[id] ?? [];
    },
  };
  let nowMs = 0;
  const team = 'ourTeam' in about ? about.ourTeam : 'T0SIGNAL';
  const { lookUp } = createDirectory({
    client,
    settings: () => someSettings(),
    ourTeam: () => team,
    monotonicMs: () => nowMs,
  });
  return {
    slack,
    passMs: (ms: number) => {
      nowMs += ms;
    },
    look: (how: { fresh?: boolean; userId?: string; teamId?: string } = {}) =>
      lookUp(how.userId ?? 'U0BO', how.teamId ?? 'T0SIGNAL', {
        fresh: how.fresh ?? false,
        withinMs: 50,
      }),
  };
}

const isDown = async () => {
  throw new Error('Slack is down');
};
const isSilent = () => new Promise<void>(() => {});

describe('a person', () => {
  test.each([
    ['a full member', {}, 'full'],
    ['a guest', { isRestricted: true }, 'guest'],
    ['a bot', { isBot: true }, 'bot'],
    ['somebody from another workspace', { teamId: 'T0PARTNER' }, 'stranger'],
    ['a stranger by Slack’s own word', { isStranger: true }, 'stranger'],
    ['somebody whose account is gone', { deleted: true }, 'stranger'],
  ])('is known as %s', async (_, user, membership) => {
    expect(await directory({ user }).look()).toMatchObject({ membership, fresh: true });
  });

  test('of another team is a stranger without asking', async () => {
    const { look, slack } = directory();
    expect(await look({ teamId: 'T0PARTNER' })).toMatchObject({ membership: 'stranger' });
    expect(slack.asked).toEqual([]);
  });

  test('cannot be known as a member before Slack has said which workspace is ours', async () => {
    const { look } = directory({ ourTeam: undefined });
    expect(await look()).toMatchObject({ membership: 'unknown' });
  });

  test('is remembered for a minute, and asked for again when more would be let through', async () => {
    const { look, slack, passMs } = directory();
    const askedTimes = () => slack.asked.filter((id) => id === 'U0BO').length;
    await look();
    passMs(59_000);
    await look();
    expect(askedTimes()).toBe(1);
    await look({ fresh: true });
    expect(askedTimes()).toBe(2);
    passMs(61_000);
    await look();
    expect(askedTimes()).toBe(3);
  });

  test.each([
    ['is down', isDown],
    ['does not answer', isSilent],
  ])('is unknown when Slack %s, and was never seen', async (_, answer) => {
    const { look, slack } = directory();
    slack.answer = answer;
    expect(await look()).toMatchObject({ membership: 'unknown', fresh: false });
  });

  test('stays what they were when Slack goes down later', async () => {
    const { look, slack, passMs } = directory({ user: { isRestricted: true } });
    await look();
    slack.answer = isDown;
    passMs(3_600_000);
    expect(await look()).toMatchObject({ membership: 'guest', fresh: false });
  });
});

describe('a role', () => {
  const groups = { S0OPS: ['U0ANA', 'U0BO'], S0APPROVERS: ['U0BO'] };

  test('comes from a user group', async () => {
    const { look } = directory({ groups });
    expect(await look()).toMatchObject({ operator: true, approver: true, fresh: true });
    expect(await look({ userId: 'U0CHIDI' })).toMatchObject({ operator: false, approver: false });
  });

  test('comes from the person’s own ID, whatever the groups do', async () => {
    const { look, slack } = directory({ groups: {} });
    await look({ userId: 'U0ANA' });
    slack.answer = isDown;
    expect(await look({ userId: 'U0ANA' })).toMatchObject({ operator: true });
  });

  test('that was taken away is gone at the next fresh look', async () => {
    const { look, slack } = directory({ groups });
    await look();
    slack.groups = { ...groups, S0APPROVERS: [] };
    expect(await look()).toMatchObject({ approver: true });
    expect(await look({ fresh: true })).toMatchObject({ approver: false, fresh: true });
  });

  test('that cannot be read anew is remembered, and said not to be fresh', async () => {
    const { look, slack } = directory({ groups });
    await look();
    slack.answer = isDown;
    expect(await look({ fresh: true })).toMatchObject({ approver: true, fresh: false });
  });

  test('is not fresh when only the groups cannot be read', async () => {
    const { look, slack } = directory({ groups });
    slack.groupsAreReadable = false;
    expect(await look({ fresh: true })).toMatchObject({
      membership: 'full',
      operator: false,
      fresh: false,
    });
  });
});
