/** The Home tab as people open and use it, over the wire. */
import { describe, expect, test } from 'vitest';
import type { ShownView } from '#sandbox/protocol.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { bot } from '#test/support/slack-bot.ts';

async function workspace(options: Parameters<typeof bot>[0] = {}) {
  const at = await bot(options);
  const { slack } = at;
  return {
    ...at,
    ana: slack.person('U0ANA'),
    bo: slack.person('U0BO'),
    homeOf: async (id: string) => {
      const person = slack.person(id);
      await person.opensHome();
      return await person.home();
    },
    /** What somebody reads in their Home now. */
    reads: (id: string) => textOf(slack.person(id).view().home),
  };
}

const textOf = (home: ShownView | undefined) => (home ? viewAsText(home) : '');

describe('the Home tab', () => {
  test('shows what is in progress, and to an approver alone what waits for them', async () => {
    const { ana, homeOf } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    const forBo = textOf(await homeOf('U0BO'));
    expect(forBo).toContain('# Waiting for you');
    expect(forBo).toContain('[Approve] [Decline]');
    expect(forBo).toContain('# In progress\n*#1 support-agent: 2.3.3 → 2.4.0*');
    const forAna = textOf(await homeOf('U0ANA'));
    expect(forAna).not.toContain('Waiting for you');
    expect(forAna).toContain('<@U0ANA> proposed support-agent #1 2.4.0');
  });

  test('is refused to guests, in words that say what they can do', async () => {
    const { ana, homeOf } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    const text = textOf(await homeOf('U0GUEST'));
    expect(text).toContain('for full members of this workspace');
    expect(text).toContain('/rollout status');
    expect(text).not.toContain('2.4.0');
  });

  test('is approved from, and shows soon to everybody who looks what became of it', async () => {
    const { ana, bo, homeOf, reads, queries } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    await homeOf('U0ANA');
    const home = await homeOf('U0BO');
    await bo.presses('Approve', home);
    await expect.poll(() => queries.service('support-agent')?.live?.phase).toBe('progressing');
    await expect.poll(() => reads('U0BO')).toContain('Nothing waits for your approval.');
    await expect.poll(() => reads('U0ANA'), { timeout: 5_000 }).toContain('step 1 of 4 (1 %)');
  });

  test('says in a window why a button did nothing', async () => {
    const { ana, homeOf, ...at } = await workspace();
    await ana.types('/killswitch on writes it deletes too much');
    const home = await homeOf('U0ANA');
    await at.slack.person('U0ANA').types('/killswitch off writes');
    await ana.presses('Switch off', home);
    expect(viewAsText(await ana.modal())).toContain('“writes” is off already');
  });

  test('shows the entries that were asked for, also when it is opened again', async () => {
    const { ana, homeOf, reads } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    await ana.types('/killswitch on writes it deletes too much');
    const home = await homeOf('U0ANA');
    await ana.chooses('Kill switches', { menu: 'Show …', on: home });
    await expect.poll(() => reads('U0ANA')).not.toContain('proposed support-agent');
    expect(reads('U0ANA')).toContain('switched on the kill switch `writes` – it deletes too much');
    await homeOf('U0ANA');
    await expect.poll(() => reads('U0ANA')).not.toContain('proposed support-agent');
  });

  test('lists what waits for a review to those who may review it, until one of them has', async () => {
    const { bo, homeOf, reads, queries, ...at } = await workspace();
    await at.slack.person('U0CHIDI').types('/killswitch on writes it deletes too much');
    expect(textOf(await homeOf('U0CHIDI'))).not.toContain('Waiting for review');
    const home = await homeOf('U0BO');
    expect(textOf(home)).toContain('<@U0CHIDI> threw the kill switch `writes`');
    await bo.presses('Reviewed', home);
    await bo.submits(await bo.modal(/Review/), { 'What was found?': 'right; a loop in the tool' });
    await expect
      .poll(() => reads('U0BO'), { timeout: 5_000 })
      .toContain('No emergency waits for a review.');
    expect(queries.lastEntries(1)).toMatchObject([
      { body: { action: 'emergency_reviewed', reason: 'right; a loop in the tool' } },
    ]);
  });

  test('opens the forms that start, kill and search', async () => {
    const { ana, homeOf } = await workspace();
    const home = await homeOf('U0ANA');
    for (const [label, title] of [
      ['Start a release', /Start a release/],
      ['Kill switch', /Kill switch/],
      ['Search the register', /Search the register/],
    ] as const) {
      await ana.presses(label, home);
      await ana.closes(await ana.modal(title));
    }
  });
});

describe('a search of the register', () => {
  test('says beside the field that the days are the wrong way round, then finds', async () => {
    const { ana, homeOf } = await workspace();
    await ana.types('/rollout start support-agent 2.4.0');
    await ana.types('/killswitch on writes it deletes too much');
    await ana.presses('Search the register', await homeOf('U0ANA'));
    const form = await ana.modal(/Search/);
    const wrong = { 'From the day': '2026-11-02', 'To the day': '2026-11-01' };
    expect(await ana.submits(form, wrong)).toMatchObject({
      ok: false,
      errors: { to: 'This day is before the first one.' },
    });
    await ana.submits(form, { 'Which action?': 'kill on', 'By whom?': 'U0ANA' });
    const found = viewAsText(await ana.modal(/The register/));
    expect(found).toContain('switched on the kill switch `writes`');
    expect(found).not.toContain('proposed');
  });

  test('turns its pages to the end and back', async () => {
    const { ana, homeOf } = await workspace();
    for (let at = 0; at < 20; at += 1) await ana.types(`/rollout flag set flag-${at} 10%`);
    await ana.presses('Search the register', await homeOf('U0ANA'));
    await ana.submits(await ana.modal(/Search/), { 'Which action?': 'flag set' });
    const first = viewAsText(await ana.modal(/The register/));
    expect(first).toContain('`flag-19`');
    expect(first).not.toContain('`flag-4`');
    await ana.presses('Older', await ana.modal(/The register/));
    await expect.poll(async () => viewAsText(await ana.modal())).toContain('`flag-0`');
    await ana.presses('Newer', await ana.modal(/The register/));
    await expect.poll(async () => viewAsText(await ana.modal())).toContain('`flag-19`');
    await ana.presses('Search for something else', await ana.modal());
    await expect
      .poll(async () => viewAsText(await ana.modal()))
      .toContain('Which action? (optional): [flag set ▾]');
  });
});
