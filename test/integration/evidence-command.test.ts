import { describe, expect, test } from 'vitest';
import { createCheckpointIssuer } from '#adapters/checkpoints/checkpoint-files.ts';
import { checkpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { evidenceCommand } from '#adapters/cli/evidence-command.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import { no, yes } from '#domain/result.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import { registerVersion } from '#operations/register-version.ts';
import { reviewEmergency } from '#operations/review-emergency.ts';
import { steerService } from '#operations/steer-service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import {
  approve,
  aService,
  bo,
  chidi,
  observe,
  reading,
  start,
  totals,
} from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

/** A release that goes wrong at its first step, beside whatever else happens, a minute apart. */
async function aBadRelease({ isRegistered = true } = {}) {
  const base = aStore();
  const override = { killNow: () => {}, acts: () => true, liftKill: () => {}, revision: () => 0 };
  const deps = { ...base, override, serviceNames: () => ['support-agent'] };
  const steer = async (intent: ServiceIntent) => {
    base.time.now = later(base.time.now, MINUTE_MS);
    const done = await steerService(deps, { service: 'support-agent', intent });
    expect(done).toMatchObject({ ok: true });
  };
  const sees = (requests: number, errors: number) => {
    const at = later(base.time.now, MINUTE_MS);
    const seen = reading(at, totals(requests, errors), totals(requests * 99, requests));
    return steer(observe(seen, { release: 1, history: [] }));
  };
  await base.store.change(
    { kind: 'service', name: 'support-agent' },
    () => yes({ next: aService({ nextReleaseId: 1 }), owes: [] }),
    { at: base.clock() },
  );
  const kill = (name: string, reason: string) =>
    throwKillSwitch(deps, { name, intent: { to: 'on', by: chidi, reason } });
  await kill('refunds', 'long before');
  if (isRegistered)
    await registerVersion(deps, {
      ...{ service: 'support-agent', version: '2.4.0', commit: '9fceb02', components: [] },
      ...{ link: 'https://git.example.com/42', authors: ['dee'], digest: 'sha256:77af' },
      by: trusted({ kind: 'token', id: 'pipeline' }, { via: 'http' }),
    });
  await steer(start({ note: isRegistered ? 'shorter | answers' : '' }));
  const pressed = {
    via: 'slack',
    team: 'T0SIGNAL',
    channel: 'C0AGENTOPS',
    message: '17.2',
  } as const;
  await steer(approve(0, { release: 1, by: { ...bo, origin: pressed } }));
  const applied = { stable: '2.3.3', candidate: '2.4.0', weightPercent: 1 };
  await steer({ to: 'confirm_traffic', by: trusted(CLOCK), applied });
  await sees(0, 0);
  await sees(200, 6);
  await sees(400, 12);

  const tree = createRegisterTree(base.db);
  tree.catchUp(99);
  const quiet = () => {};
  const log = { info: quiet, warn: quiet, error: quiet };
  await createCheckpointIssuer(checkpointPlaces(base.path), log)(tree.stand(), base.clock());

  await kill('writes', 'it mails everybody');
  await steer({ to: 'rollback', by: chidi, reason: '<b>too short</b>' });
  base.time.now = later(base.time.now, HOUR_MS);
  const entry = base.queries.lastEntries(1)[0]?.seq ?? 0;
  const review = { entry, by: bo, note: 'right | a line was lost', inboxKey: 'review' };
  expect(await reviewEmergency(deps, review)).toMatchObject({ ok: true });

  const ask = async (...words: string[]) => {
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const status = await evidenceCommand.run({
      ...{ config: no([]), databasePath: base.path, configPath: 'nowhere', words, login: 'ana' },
      ...{ say, complain: say },
    });
    return { status, text: said.join('\n') };
  };
  return { ...base, ask };
}

describe('the document about a release', () => {
  test('says who asked, who else said yes, what was counted, what came of it, and what was no routine', async () => {
    const { ask } = await aBadRelease();
    const { status, text } = await ask('1');
    expect(status).toBe(0);
    const readable = text
      .replaceAll(/\b[0-9a-f]{64}\b/g, '(hash)')
      .replace(/checked with .*/, 'checked with (key)');
    await expect(`${readable}\n`).toMatchFileSnapshot('../golden/evidence.md');
  });

  test('is read by programs too', async () => {
    const { ask } = await aBadRelease();
    const { status, text } = await ask('#1', '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      outcome: 'rolling_back',
      version: { commit: '9fceb02', authors: ['dee'], registered: { register: 2 } },
      steps: [
        {
          approved: { by: 'user:U0BO', is_not_requester: true, of_this_plan: true },
          counted: {
            guards: [
              {
                guard: 'error_rate',
                candidate: { observations: 400, bad: 12 },
                stable: { observations: 39_600, bad: 400 },
              },
            ],
          },
        },
        ...Array.from({ length: 3 }, () => ({ entered: null, counted: null })),
      ],
      register: { says: 'intact', checkpoint: { size: 6 } },
    });
  });

  test('names what nobody wrote down, and a register that was changed', async () => {
    const { ask, db } = await aBadRelease({ isRegistered: false });
    db.$client.exec('DELETE FROM verdicts');
    db.$client.exec('DROP TRIGGER audit_no_update');
    db.$client.exec(`UPDATE audit SET body = replace(body, 'U0BO', 'U0ANA') WHERE seq = 3`);
    const { text } = await ask('1');
    for (const missing of [
      /the request has no note/,
      /no pipeline registered the version/,
      /no window of step 1 is kept/,
      /no checkpoint vouches yet for any of its entries/,
      /The register is broken at entry 3/,
    ])
      expect(text).toMatch(missing);
  });

  test('is only about a release that there was', async () => {
    const { ask } = await aBadRelease();
    expect(await ask('2')).toMatchObject({ status: 1, text: expect.stringMatching(/no release/) });
    expect(await ask('twelve')).toMatchObject({ status: 2 });
    expect(await ask('1', '--format', 'pdf')).toMatchObject({ status: 2 });
  });
});

describe('the list of all releases of a time', () => {
  const day = ['--from', '2026-11-20', '--to', '2026-11-20'] as const;

  test('is a table with who asked and who said yes, and says that the register knows the same ones', async () => {
    const { ask } = await aBadRelease();
    const { status, text } = await ask(...day);
    expect(status).toBe(0);
    const [head, row, ...said] = text.split('\n');
    expect(head).toMatch(/^release,service,from,to,/);
    expect(row).toBe(
      '1,support-agent,2.3.3,2.4.0,canary,2026-11-20T12:01:00.000Z,user:U0ANA,shorter | answers,https://git.example.com/42,user:U0BO,0,1,0,rolling_back,3,9',
    );
    expect(said.join('\n')).toMatch(
      /One release was asked for .* knows the same ones.\n.* 3 emergencies in this time; these entries wait for their review: 1, 7.\n.*intact/,
    );
    const json = await ask(...day, '--format', 'json');
    expect(json.text).toMatch(/"count": 1,/);
    expect(json.text).toMatch(/"checkpoint": \{\s*"size": 6,\s*"root": "/);
    expect((await ask('--from', '2026-11-21')).text).toMatch(/0 releases were asked for/);
  });

  test('names releases of which neither a note nor a link says what was changed', async () => {
    const { ask } = await aBadRelease({ isRegistered: false });
    expect((await ask(...day)).text).toMatch(/Neither a note nor a link says .*: #1\./);
  });

  test('names what somebody took out of the database', async () => {
    const { ask, db } = await aBadRelease();
    db.$client.exec('DELETE FROM releases');
    expect(await ask(...day)).toMatchObject({
      status: 1,
      text: expect.stringMatching(/It tells of #1, which the database does not have/),
    });
  });

  test('needs a time, and words that it knows', async () => {
    const { ask } = await aBadRelease();
    for (const words of [['--from', 'spring'], ['12', ...day], [...day, '--format', 'md'], []])
      expect(await ask(...words)).toMatchObject({ status: 2 });
  });
});
