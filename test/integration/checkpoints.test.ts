import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createCheckpointIssuer,
  findNotes,
  notesIn,
} from '#adapters/checkpoints/checkpoint-files.ts';
import { checkpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { checkpointNotice } from '#adapters/slack/views/checkpoint-notice.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import { createCheckpointKeeper } from '#operations/keep-checkpoints.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { checkRegister } from '#store/check-register.ts';
import { createRegister, readRegister } from '#store/sqlite/register.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import { chidi } from '#test/support/builders.ts';
import { complaintsAbout } from '#test/support/golden.ts';
import { anEntry, aRegister, aSigner, checkpointOf } from '#test/support/register.ts';
import { aFolder, aStore } from '#test/support/store.ts';
import { until } from '#test/support/until.ts';

type About = { readonly audit?: { readonly channel?: string }; readonly isInDoubt?: boolean };

/** A register with everything that keeps its checkpoints, and the log as it was written. */
function aKeptRegister({ audit = { channel: 'release-audit' }, isInDoubt = false }: About = {}) {
  const base = aStore(join(aFolder(), 'signalman.db'));
  const places = checkpointPlaces(base.path);
  const logged: string[] = [];
  const outcomes: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  const tree = createRegisterTree(base.db);
  const keeper = createCheckpointKeeper({
    ...base,
    tree,
    issue: createCheckpointIssuer(places, log),
    settings: () => ({ audit }),
    log,
    onOutcome: (outcome) => outcomes.push(outcome),
    isInDoubt: () => isInDoubt,
  });
  base.store.onCommit(keeper.onCommit);
  const override = { killNow: () => {}, acts: () => true, liftKill: () => {}, revision: () => 0 };
  return {
    ...{ ...base, places, logged, outcomes, keeper, tree },
    /** All in one commit, because there are many. */
    append: (count: number) => {
      const { append } = createRegister(base.db);
      base.db.$client.exec('BEGIN');
      for (let nth = 0; nth < count; nth += 1) append(anEntry({ at: base.time.now }));
      base.db.$client.exec('COMMIT');
    },
    kill: (name: string) =>
      throwKillSwitch(
        { ...base, override },
        { name, intent: { to: 'on', by: chidi, reason: 'it mails everybody' } },
      ),
    /** Waits until a checkpoint was tried so many times in all. */
    tried: (times: number) =>
      until(() => outcomes.length >= times, { what: `checkpoint ${times} to be tried` }),
    /** The sizes of those that are owed to the channel, which are then taken as delivered. */
    posted: () => {
      const sizes: string[] = [];
      for (;;) {
        const owed = base.outbox
          .due('slack', base.time.now, 9)
          .find(({ lane }) => lane === 'checkpoint');
        if (!owed || !('note' in owed.effect)) return sizes;
        expect(complaintsAbout(checkpointNotice(owed.effect.note))).toEqual([]);
        sizes.push(owed.effect.note.split('\n')[1] ?? '');
        base.outbox.done(owed, base.time.now);
      }
    },
    check: () =>
      checkRegister({
        entries: readRegister(base.db),
        notes: findNotes(places),
        verifierKey: readFileSync(places.publicKey, 'utf8').trim(),
      }),
  };
}

describe('the checkpoint beside the database', () => {
  test('is renewed after a kill switch, signed by a key that only its owner can read', async () => {
    const { kill, tried, check, places, logged } = aKeptRegister();
    await kill('writes');
    await tried(1);
    expect(check()).toMatchObject({ says: 'intact', entries: 1, checkpoint: { size: 1 } });
    expect(statSync(places.key).mode & 0o777).toBe(0o600);
    expect(logged).toEqual([
      'A key that signs checkpoints was made; note its verifier key outside of this machine',
    ]);
  });

  test('goes on from the tree that an earlier process had reckoned', async () => {
    const { append, keeper, check, db, tree } = aKeptRegister();
    append(1_003);
    await keeper.renew();
    const again = createRegisterTree(db);
    expect(again.stand().size).toBe(1_003);
    append(2);
    for (const one of [tree, again]) one.catchUp(10);
    expect(again.stand()).toEqual(tree.stand());
    expect(check()).toMatchObject({ says: 'intact', entries: 1_005 });
  });

  test('keeps nobody from killing when it cannot be written, and is tried again', async () => {
    const { kill, keeper, tried, places, outcomes, logged, check, queries } = aKeptRegister();
    // A folder of this name cannot be replaced by a file, as on a disk that refuses.
    mkdirSync(places.newest);
    expect(await kill('writes')).toMatchObject({ ok: true });
    await tried(1);
    keeper.look();
    await tried(2);
    expect(queries.killSwitches()).toMatchObject([{ name: 'writes', isOn: true }]);
    expect(outcomes).toEqual(['failed', 'failed']);
    expect(logged.filter((line) => /cannot be written/.test(line))).toHaveLength(1);

    rmSync(places.newest, { recursive: true });
    keeper.look();
    await tried(3);
    expect(check()).toMatchObject({ says: 'intact' });
    expect(logged.at(-1)).toBe('Checkpoints of the register are written again');
  });

  test('is signed by the key that is there, and what is no key is never replaced', async () => {
    const { keeper, places, outcomes } = aKeptRegister();
    writeFileSync(places.key, 'not a key');
    await keeper.renew();
    expect(outcomes).toEqual(['failed']);
    expect(readFileSync(places.key, 'utf8')).toBe('not a key');
    expect(existsSync(places.newest)).toBe(false);
  });

  test('is not lost with the newest file, because all of them are kept', async () => {
    const { kill, keeper, places, check } = aKeptRegister();
    const ofLongAgo = `\n${checkpointOf(aRegister(1), aSigner())}`;
    writeFileSync(places.kept, ofLongAgo.repeat(100));
    for (const name of ['writes', 'refunds']) {
      await kill(name);
      await keeper.renew();
    }
    expect(notesIn(places.kept).length).toBeGreaterThanOrEqual(102);
    rmSync(places.newest);
    expect(check()).toMatchObject({ says: 'intact', checkpoint: { size: 2 } });
  });

  test('is none while the register is in doubt, because it would hide that', async () => {
    const { keeper, outcomes } = aKeptRegister({ isInDoubt: true });
    keeper.look();
    await keeper.renew();
    expect(outcomes).toEqual([]);
  });
});

describe('the checkpoint in the channel', () => {
  test('comes each hour, also when nothing happens, and each hundred entries', async () => {
    const { append, keeper, tried, kill, posted, time } = aKeptRegister();
    await kill('writes');
    await tried(1);
    append(20);
    await kill('mails');
    await tried(2);
    expect(posted()).toEqual(['1']);

    append(80);
    keeper.look();
    await tried(3);
    time.now = later(time.now, HOUR_MS);
    keeper.look();
    await tried(4);
    expect(posted()).toEqual(['102', '102']);
  });

  test('is not owed where no channel is configured', async () => {
    const { keeper, posted } = aKeptRegister({ audit: {} });
    await keeper.renew();
    expect(posted()).toEqual([]);
  });
});
