/** Somebody's role is taken away after they were shown a button, within the minute that roles are kept. */
import { describe, expect, test } from 'vitest';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { bot } from '#test/support/slack-bot.ts';

/** Both roles by groups alone, so that each can be taken away in Slack. */
const people = { operators: ['S0OPS'], approvers: ['S0APPROVERS'] };

async function workspace() {
  const { slack, queries, snapshots, settings } = await bot({ settings: { people } });
  for (const one of settings().services.values()) Object.assign(one, { people });
  const ana = slack.person('U0ANA');
  const bo = slack.person('U0BO');
  const homeOf = async (person: typeof ana) => {
    await person.opensHome();
    return await person.home();
  };
  return {
    ...{ ana, bo, homeOf },
    told: async (person: typeof ana) => viewAsText(await person.modal()),
    leaves: (userId: string, groupId: string) => {
      const group = slack.workspace.groups.get(groupId);
      if (!group) throw new Error(`there is no group ${groupId}`);
      const members = group.members.filter((member) => member !== userId);
      slack.workspace.groups.set(groupId, { ...group, members });
    },
    isDeactivated: (userId: string) => {
      const person = slack.workspace.people.get(userId);
      if (person) slack.workspace.people.set(userId, { ...person, deleted: true });
    },
    phase: () => queries.service('support-agent')?.live?.phase,
    isKilled: (name: string) => snapshots.current().kills.has(name),
  };
}

describe('a button that was drawn for somebody', () => {
  test('approves nothing once they are no approver any more', async () => {
    const { ana, bo, homeOf, leaves, told, phase } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    const home = await homeOf(bo);
    leaves('U0BO', 'S0APPROVERS');
    await bo.presses('Approve', home);
    expect(await told(bo)).toContain('this needs an approver');
    expect(phase()).toBe('proposed');
  });

  test('approves nothing once they have left', async () => {
    const { ana, bo, homeOf, isDeactivated, phase } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    const home = await homeOf(bo);
    isDeactivated('U0BO');
    const pressed = await bo.presses('Approve', home);
    expect(JSON.stringify(pressed)).not.toContain('approved');
    expect(phase()).toBe('proposed');
  });

  test('switches nothing off once they are no operator any more, and they can still stop', async () => {
    const { ana, homeOf, leaves, told, isKilled } = await workspace();
    await ana.types('/killswitch on writes it deletes too much');
    const home = await homeOf(ana);
    leaves('U0ANA', 'S0OPS');
    await ana.presses('Switch off', home);
    expect(await told(ana)).toContain('this needs an operator');
    expect(isKilled('writes')).toBe(true);

    await ana.types('/killswitch on refunds they go out twice');
    expect(isKilled('refunds')).toBe(true);
  });
});
