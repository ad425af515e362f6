/** What people asked for in vain stands in the register, too; what they only looked at does not. */
import { describe, expect, test } from 'vitest';
import { answerClick } from '#adapters/slack/inbound/answer-click.ts';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout } from '#adapters/slack/inbound/answer-rollout.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { answers } from '#test/support/slack-bot.ts';

async function desk(...about: Parameters<typeof answers>) {
  const { deps, asking, store } = await answers(...about);
  const entries: AuditDraft[] = [];
  store.onCommit(({ audit }) => {
    if (audit) entries.push(audit);
  });
  return {
    deps,
    entries,
    asking,
    chidi: async (text: string) => (await answerRollout(deps, { ...asking('U0CHIDI'), text })).text,
    chidiKills: async (text: string) =>
      (await answerKillswitch(deps, { ...asking('U0CHIDI'), text })).text,
  };
}

const refusal = (action: string, reason: string | RegExp, target: object = {}) => ({
  actor: { kind: 'user', id: 'U0CHIDI' },
  outcome: 'refused',
  action,
  target,
  reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
});

describe('the register keeps', () => {
  test('a command that cannot be read, with what was typed and why it was not understood', async () => {
    const { chidi, chidiKills, entries } = await desk();
    await chidi('statsu <!here>');
    await chidiKills('on writes');
    expect(entries).toMatchObject([
      {
        ...refusal('command', /I do not know “statsu”/),
        details: { typed: '/rollout statsu <!here>' },
      },
      { ...refusal('command', /say why/), details: { typed: '/killswitch on writes' } },
    ]);
  });

  test.each([
    ['flag set answers 12.5%', refusal('flag_set', 'bad_percentage', { flag: 'answers' })],
    ['flag archive answers', refusal('flag_archive', 'unknown_flag', { flag: 'answers' })],
    ['status suport-agent', refusal('status', 'unknown_service', { service: 'suport-agent' })],
    ['pause suport-agent', refusal('pause', 'unknown_service', { service: 'suport-agent' })],
    ['start suport-agent 2', refusal('start', 'unknown_service', { service: 'suport-agent' })],
    ['start support-agent -', refusal('start', 'role_needed', { service: 'support-agent' })],
    ['why support-agent', refusal('why', 'no_release', { service: 'support-agent' })],
  ])('one entry of the refused “%s”', async (text, entry) => {
    const { chidi, entries } = await desk();
    await chidi(text);
    expect(entries).toMatchObject([entry]);
  });

  test('a click on a button that means nothing any more', async () => {
    const { deps, asking, entries } = await desk();
    await answerClick(deps, { ...asking('U0CHIDI'), action: 'release.approve', value: 'old' });
    expect(entries).toMatchObject([refusal('release.approve', 'plan_changed')]);
  });

  test('nothing of questions that are answered', async () => {
    const { chidi, chidiKills, entries } = await desk();
    for (const text of ['help', 'list', 'status', 'status support-agent', 'history', 'flag list'])
      await chidi(text);
    await chidi('whois support-agent user-1');
    await chidiKills('list');
    expect(entries).toEqual([]);
  });

  test('no more than one person may ask in the time', async () => {
    const { chidi, entries } = await desk();
    for (let typed = 0; typed < 40; typed += 1) await chidi('nonsense');
    expect(entries).toHaveLength(30);
    expect(await chidi('nonsense')).toContain('That was a lot in a short time');
  });

  test('nothing twice when Slack delivers again', async () => {
    const { deps, asking, entries } = await desk();
    const typed = { ...asking('U0CHIDI'), text: 'nonsense' };
    expect(await answerRollout(deps, typed)).toEqual(await answerRollout(deps, typed));
    expect(entries).toHaveLength(1);
  });
});

test('whoever mistypes while nothing can be written still hears how it goes', async () => {
  const locked = () => Promise.reject(new Error('database is locked'));
  const { deps, asking } = await desk();
  const store = { ...deps.store, change: locked };
  const text = 'on writes';
  const answer = await answerKillswitch({ ...deps, store }, { ...asking('U0CHIDI'), text });
  expect(answer.text).toContain('/killswitch on &lt;name&gt; &lt;reason…&gt;');
});
