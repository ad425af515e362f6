/** What the Home tab of an approver says is waiting for them: nothing that they may not approve. */
import { describe, expect, test } from 'vitest';
import { drawHome } from '#adapters/slack/inbound/home/draw-home.ts';
import { readHome } from '#adapters/slack/inbound/home/read-home.ts';
import { type Asker, trusted } from '#domain/actor.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { registerVersion } from '#operations/register-version.ts';
import { startRelease } from '#operations/start-release.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { ana, sam } from '#test/support/builders.ts';
import { answers } from '#test/support/slack-bot.ts';

/** Bo writes code under an address in git, and Sam has a second account. */
const identities = [
  ['U0BO', 'bo@example.com'],
  ['U0SAM', 'U0SAMTWO'],
];
const samTwo: Asker = { ...sam, actor: { kind: 'user', id: 'U0SAMTWO' } };

async function aHome() {
  const { deps } = await answers({ settings: { identities } });
  const all = { ...deps, serviceNames: () => ['support-agent'] };
  return {
    starts: (by: Asker) =>
      startRelease(all, {
        ...{ by, service: 'support-agent', version: '2.4.0', note: '', inboxKey: 'start' },
      }),
    isWrittenBy: (...authors: readonly string[]) =>
      registerVersion(all, {
        ...{ service: 'support-agent', version: '2.4.0', components: [], authors },
        by: trusted({ kind: 'token', id: 'ci' }),
      }),
    raises: (by: Asker) =>
      changeFlag(all, {
        key: 'new-tone',
        intent: {
          ...{ to: 'set', by, value: { state: 'on', percent: 100 } },
          approvalAbovePercent: 50,
        },
      }),
    waitsFor: async (userId: string) => {
      const person = { userId, teamId: 'T0SIGNAL' };
      const home = await drawHome(deps, readHome(deps), { person, filter: 'everything' });
      const [, waiting = ''] = viewAsText(home).split('# Waiting for you\n');
      return waiting.split('\n# ')[0]?.trim();
    },
  };
}

describe('what waits for an approver', () => {
  test('is what somebody else asked for', async () => {
    const { starts, waitsFor } = await aHome();
    await starts(ana);
    expect(await waitsFor('U0BO')).toContain('#1 support-agent: 2.3.3 → 2.4.0');
    expect(await waitsFor('U0SAM')).toContain('[Approve]');
  });

  test('is no release that they asked for, or wrote the version of, by any of their names', async () => {
    const { starts, isWrittenBy, waitsFor } = await aHome();
    await isWrittenBy('Bo Example <bo@example.com>', 'bo@example.com');
    await starts(samTwo);
    expect(await waitsFor('U0SAM')).toBe('· Nothing waits for your approval.');
    expect(await waitsFor('U0BO')).toBe('· Nothing waits for your approval.');
  });

  test('is no flag that they want raised, by any of their names', async () => {
    const { raises, waitsFor } = await aHome();
    await raises(samTwo);
    expect(await waitsFor('U0SAM')).toBe('· Nothing waits for your approval.');
    expect(await waitsFor('U0BO')).toContain('off → *on*');
  });
});
