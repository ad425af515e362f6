/** Shortcuts and the forms behind them, over the wire. */
import { describe, expect, test } from 'vitest';
import { SHORTCUTS } from '#adapters/slack/action-ids.ts';
import { steerService } from '#operations/steer-service.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { bo } from '#test/support/builders.ts';
import { bot } from '#test/support/slack-bot.ts';

async function inProgress() {
  const at = await bot();
  const { slack, queries, store, clock } = at;
  await slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
  const live = () => queries.service('support-agent')?.live;
  const { id, digest } = live()?.facts ?? { id: 0, digest: '' };
  const deps = { store, clock, serviceNames: () => [] };
  const intent = { to: 'approve', by: bo, release: id, step: 0, digest } as const;
  await steerService(deps, { service: 'support-agent', intent });
  return { ...at, live, chidi: slack.person('U0CHIDI') };
}

describe('the shortcut on a message', () => {
  test('rolls back for what the message says, and links to it', async () => {
    const { slack, chidi, live } = await inProgress();
    await chidi.says('it promises refunds & then forgets them');
    const message = await chidi.sees(/promises refunds/);
    await chidi.uses(SHORTCUTS.rollbackReason, message);
    const form = await chidi.modal(/Roll back/);
    expect(viewAsText(form)).toContain('[it promises refunds & then forgets them____]');
    await chidi.submits(form, { 'Roll back what?': 'support-agent #1: 2.4.0 → 2.3.3' });
    expect(viewAsText(await chidi.modal())).toContain('Rolling back: all traffic of support-agent');
    const link = `https://${slack.workspace.team.domain}.slack.com/archives/C0AGENTOPS/p`;
    const rolledBack = live();
    expect(rolledBack?.phase).toBe('rolling_back');
    expect(rolledBack).toHaveProperty(
      'reason',
      `it promises refunds & then forgets them ${link}${message.ts.replace('.', '')}`,
    );
  });

  test('says so when there is nothing to roll back', async () => {
    const { slack } = await bot();
    const chidi = slack.person('U0CHIDI');
    await chidi.says('it is slow');
    await chidi.uses(SHORTCUTS.rollbackReason, await chidi.sees(/it is slow/));
    expect(viewAsText(await chidi.modal())).toContain('There is nothing to roll back');
  });
});

test('a shortcut opens the form that starts, which shows what the chosen service takes', async () => {
  const { slack } = await bot();
  const ana = slack.person('U0ANA');
  await ana.uses(SHORTCUTS.start);
  const form = await ana.modal(/Start a release/);
  expect(viewAsText(form)).toContain('Choose a service to see');
  await ana.chooses('support-agent', { menu: 'form.changed', on: form });
  await expect
    .poll(async () => viewAsText(await ana.modal()))
    .toContain('*support-agent: 2.3.3 → a new version*, canary\n• step 1, 1 %: at least 1 h');
});

test('a shortcut opens the form that kills, which shows what the chosen switch stops', async () => {
  const { slack, snapshots } = await bot();
  const chidi = slack.person('U0CHIDI');
  await chidi.uses(SHORTCUTS.kill);
  const form = await chidi.modal(/Kill switch/);
  await chidi.chooses('global', { menu: 'form.changed', on: form });
  await expect
    .poll(async () => viewAsText(await chidi.modal()))
    .toContain('“global” stops every action of every service.* No version changes.\n12 connected');
  await chidi.chooses('support-agent', { menu: 'form.changed', on: form });
  await expect
    .poll(async () => viewAsText(await chidi.modal()))
    .toContain('stops the whole service');
  await chidi.submits(await chidi.modal(), { 'Stop what?': 'support-agent', 'Why?': 'it is rude' });
  expect(snapshots.current().kills.has('support-agent')).toBe(true);
});
