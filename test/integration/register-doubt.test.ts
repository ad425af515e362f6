import { describe, expect, test } from 'vitest';
import { trusted } from '#domain/actor.ts';
import type { FlagIntent } from '#domain/flag.ts';
import { yes } from '#domain/result.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { acceptRegister, findDoubt, holdDoubt, tellDoubt } from '#operations/doubt-register.ts';
import { steerService } from '#operations/steer-service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { withholdExposure } from '#operations/withhold-exposure.ts';
import { createRegister, readRegister } from '#store/sqlite/register.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import { ana, approve, aService, chidi, start } from '#test/support/builders.ts';
import { anEntry, aRegister, aSigner, checkpointOf } from '#test/support/register.ts';
import { aStore } from '#test/support/store.ts';

const root = trusted({ kind: 'cli', id: 'root' });
const raise = (percent: number): FlagIntent => ({
  to: 'set',
  by: ana,
  value: { state: 'percentage', percent },
  approvalAbovePercent: 50,
});
const steering = (to: 'pause' | 'resume' | 'rollback', by = ana): ServiceIntent => ({
  to,
  by,
  reason: 'test',
});

/** A release at its first step, a flag and a switch that is on; then the register is an old copy. */
async function aRestoredCopy({ isReleasing = true } = {}) {
  const { store: unguarded, db, ...base } = aStore();
  const isRestored = { so: false };
  const doubt = holdDoubt(
    findDoubt(createRegisterTree(db), [checkpointOf(aRegister(4), aSigner())]),
  );
  const store = withholdExposure(unguarded, () => {
    const found = isRestored.so ? doubt.current() : undefined;
    return found && { code: 'register_in_doubt', ...found };
  });
  const override = { killNow: () => {}, acts: () => true, liftKill: () => {}, revision: () => 0 };
  const deps = { ...base, store, override, serviceNames: () => ['support-agent'], doubt };
  const steer = (intent: ServiceIntent) => steerService(deps, { service: 'support-agent', intent });
  const flag = (intent: FlagIntent) => changeFlag(deps, { key: 'new-tone', intent });
  const kill = (to: 'on' | 'off', name: string) =>
    throwKillSwitch(deps, { name, intent: { to, by: ana, reason: 'test' } });
  await unguarded.change(
    { kind: 'service', name: 'support-agent' },
    () => yes({ next: aService({ nextReleaseId: 1 }), owes: [] }),
    { at: base.clock() },
  );
  if (isReleasing) {
    await steer(start());
    await steer(approve(0, { release: 1 }));
  }
  await kill('on', 'writes');
  await flag(raise(20));
  isRestored.so = true;
  let renewed = 0;
  const renew = async () => {
    renewed += 1;
  };
  return {
    ...{ deps, steer, flag, kill, db, renewed: () => renewed },
    accept: (reason: string) => acceptRegister({ ...deps, renew }, { by: root, reason }),
  };
}

const refused = { ok: false, refusal: { code: 'register_in_doubt', because: 'older', known: 4 } };
const done = { ok: true };

describe('while the register is an old copy', () => {
  test('whatever stops something is done, and whatever gives more is refused and recorded', async () => {
    const { steer, flag, kill, db } = await aRestoredCopy();
    expect(await steer(steering('pause', chidi))).toMatchObject(done);
    expect(await steer(steering('resume'))).toMatchObject(refused);
    expect(await kill('off', 'writes')).toMatchObject(refused);
    expect(await kill('on', 'refunds')).toMatchObject(done);
    for (const intent of [raise(30), raise(90)]) expect(await flag(intent)).toMatchObject(refused);
    const allow: FlagIntent = { to: 'allow', by: ana, users: ['user-1'] };
    expect(await flag(allow)).toMatchObject(refused);
    expect(await flag({ to: 'archive', by: ana })).toMatchObject(refused);
    expect(await flag(raise(10))).toMatchObject(done);
    expect(await steer(steering('rollback', chidi))).toMatchObject(done);
    const unlock = { to: 'unlock', by: ana, version: '2.4.0', reason: 'test' } as const;
    expect(await steer(unlock)).toMatchObject(refused);

    const entries = [...readRegister(db)].map(({ body }) => JSON.parse(body));
    const told = entries.filter(({ outcome }) => outcome === 'refused');
    expect(told.map(({ action }) => action)).toEqual([
      'resume',
      'kill_off',
      'flag_set',
      'flag_ask',
      'flag_allow',
      'flag_archive',
      'unlock',
    ]);
    expect(told.every(({ reason }) => reason === 'register_in_doubt')).toBe(true);
  });

  test('no release is started', async () => {
    const { steer } = await aRestoredCopy({ isReleasing: false });
    expect(await steer(start())).toMatchObject(refused);
  });

  test('everybody is told once, however often it starts', async () => {
    const { deps, db } = await aRestoredCopy();
    await tellDoubt(deps);
    await tellDoubt(deps);
    const told = db.$client
      .prepare(`select effect from outbox where effect like '%in_doubt%'`)
      .all();
    expect(told).toHaveLength(1);
  });

  test('somebody on the machine accepts it with a reason, and then things go on', async () => {
    const { accept, kill, db, renewed } = await aRestoredCopy();
    expect(await accept('')).toMatchObject({ ok: false, refusal: { code: 'reason_missing' } });
    expect(await accept('the disk broke')).toMatchObject(done);
    expect(renewed()).toBe(1);
    expect(await kill('off', 'writes')).toMatchObject(done);
    expect(await accept('again')).toMatchObject({ refusal: { code: 'nothing_to_accept' } });
    const bodies = [...readRegister(db)].map(({ body }) => JSON.parse(body));
    expect(bodies.find(({ action }) => action === 'accept_register')).toMatchObject({
      actor: root.actor,
      from: '4 entries',
      reason: 'the disk broke',
    });
  });
});

test('a register fits its last checkpoint when it has gone on from there, and only then', () => {
  const signer = aSigner();
  const entries = aRegister(6);
  const { db } = aStore();
  const tree = createRegisterTree(db);
  const { append } = createRegister(db);
  for (let nth = 1; nth <= 5; nth += 1) append(anEntry({ reason: `own change ${nth}` }));
  const own = [...readRegister(db)];

  expect(findDoubt(tree, [])).toBeUndefined();
  expect(findDoubt(tree, [checkpointOf(own.slice(0, 4), signer)])).toBeUndefined();
  const longer = [checkpointOf(own, signer), checkpointOf(entries, signer)];
  expect(findDoubt(tree, longer)).toMatchObject({ because: 'older', entries: 5, known: 6 });
  const other = [checkpointOf(entries.slice(0, 3), signer)];
  expect(findDoubt(tree, other)).toMatchObject({ because: 'different', known: 3 });
  expect(findDoubt(tree, ['something else'])).toMatchObject({ because: 'unreadable' });
});
