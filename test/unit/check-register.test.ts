import { describe, expect, test } from 'vitest';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { checkChain, checkRegister } from '#store/check-register.ts';
import { nameOf } from '#store/signed-note.ts';
import { noon } from '#test/support/builders.ts';
import { aRegister, aSigner, checkpointOf } from '#test/support/register.ts';

const signer = aSigner();
const { verifierKey } = signer;
const entries = aRegister(9);
const head = (of: readonly ChainedEntry[]) => of.at(-1)?.hash.toString('hex') ?? '00'.repeat(32);

const check = (of: readonly ChainedEntry[], ...notes: readonly string[]) =>
  checkRegister({
    ...{ entries: of, verifierKey },
    notes: notes.map((note, nth) => ({ where: `place ${nth + 1}`, note })),
  });

describe('a register', () => {
  test('is vouched for by the newest of its checkpoints, in whatever order they were found', () => {
    const [early, late, newest] = [2, 5, 9].map((size) =>
      checkpointOf(entries.slice(0, size), signer),
    ) as [string, string, string];
    const intact = { says: 'intact', entries: 9, head: head(entries), checkpoint: { size: 9 } };
    expect(check(entries, early, newest, late)).toMatchObject(intact);
    expect(check(entries, newest, late, early)).toMatchObject(intact);
    expect(check(entries, early, late)).toMatchObject({ says: 'intact', checkpoint: { size: 5 } });
  });

  test('that is empty is vouched for by a checkpoint of nothing, and by no other', () => {
    const nothing = checkpointOf([], signer);
    expect(check([], nothing)).toMatchObject({ says: 'intact', entries: 0, head: head([]) });
    expect(check(entries.slice(0, 1), nothing)).toMatchObject({ says: 'intact', entries: 1 });
    expect(check([])).toEqual({
      ...{ says: 'unvouched', entries: 0, problem: 'there is no checkpoint' },
    });
  });

  test('that was cut off, restored or computed anew disagrees with what is kept elsewhere', () => {
    const note = checkpointOf(entries, signer);
    expect(check(entries.slice(0, 8), checkpointOf(entries.slice(0, 3), signer), note)).toEqual({
      says: 'disagrees',
      problem:
        'place 2: it knows 9 entries, and the register ends at 8: it was cut off, or an older copy was restored',
    });
    const anew = aRegister(8).concat(aRegister(10).slice(9));
    expect(check(anew.slice(0, 8), checkpointOf(entries.slice(1, 9), signer))).toEqual({
      says: 'disagrees',
      problem:
        'place 1: its first 8 entries are not the ones that the checkpoint knows: they were computed anew',
    });
  });

  test('disagrees when only the head or only the root is another one', () => {
    const note = checkpointOf(entries, signer);
    const [origin = '', size = '', root = '', ...rest] = note.split('\n');
    const otherRoot = [origin, size, Buffer.alloc(32, 7).toString('base64'), ...rest];
    const otherHead = [origin, size, root, `head ${'ab'.repeat(32)}`, ...rest.slice(1)];
    for (const lines of [otherRoot, otherHead]) {
      const text = `${lines.slice(0, 5).join('\n')}\n`;
      expect(check(entries, signer.sign(text)).says).toBe('disagrees');
    }
  });

  test('is not vouched for by what was signed for something else, or by somebody else', () => {
    const stranger = aSigner();
    const [foreign, letter] = [checkpointOf(entries, stranger), signer.sign('hello\n')];
    const [otherName = ''] = foreign.split('\n');
    const borrowed = signer.sign(
      `${checkpointOf(entries, signer).split('\n\n')[0]?.replace(nameOf(verifierKey), otherName)}\n`,
    );
    const isNone = 'place 1: it is no checkpoint of this register';
    expect(check(entries, letter)).toEqual({ says: 'disagrees', problem: isNone });
    expect(check(entries, borrowed)).toEqual({ says: 'disagrees', problem: isNone });
    expect(check(entries, foreign)).toEqual({
      says: 'disagrees',
      problem: 'place 1: it was signed by another key',
    });
    const notes = [{ where: 'here', note: foreign }];
    expect(checkRegister({ entries, notes })).toEqual({
      ...{ says: 'unvouched', entries: 9 },
      problem: 'there is no public key to check a checkpoint with',
    });
  });

  test('may go on for two hours after its newest checkpoint, and no longer', () => {
    const ended = later(noon, 8 * MINUTE_MS);
    const madeBefore = (ms: number, size = 8) =>
      check(entries, checkpointOf(entries.slice(0, size), signer, later(ended, -ms)));
    expect(madeBefore(2 * HOUR_MS)).toMatchObject({ says: 'intact', checkpoint: { size: 8 } });
    expect(madeBefore(2 * HOUR_MS + MINUTE_MS)).toEqual({
      ...{ says: 'unvouched', entries: 9 },
      problem:
        'the newest was made at 2026-11-20T10:07:00.000Z of 8 entries, and entries went on for 2 h 1 min after that',
    });
    // Nothing went on after the last entry, whatever a clock that was set back made of it.
    expect(madeBefore(9 * HOUR_MS, 9)).toMatchObject({ says: 'intact' });
  });
});

describe('a chain', () => {
  const changed = (seq: number, about: Partial<ChainedEntry>) =>
    entries.map((entry) => (entry.seq === seq ? { ...entry, ...about } : entry));

  test('names the first entry that is not as it was written, and what is wrong with it', () => {
    const without = entries.filter(({ seq }) => seq !== 4);
    const body = entries[3]?.body.replace('change 4', 'change x') ?? '';
    const told = [
      [without, 'entry 4 is missing; 5 follows'],
      [changed(4, { prev: Buffer.alloc(32) }), 'entry 4 does not follow the one before it'],
      [changed(4, { body }), 'entry 4 was changed after it was written'],
      [changed(4, { hash: Buffer.alloc(32) }), 'entry 4 was changed after it was written'],
      // The time beside the body is what people read.
      [changed(4, { at: '2026-11-20T12:33:00.000Z' }), 'entry 4 was changed after it was written'],
    ] as const;
    for (const [of, problem] of told) {
      expect(checkChain(of)).toEqual({ intact: false, seq: 4, problem });
      expect(check(of)).toEqual({ says: 'broken', seq: 4, problem });
    }
    expect(checkChain(entries)).toEqual({ intact: true, entries: 9, head: head(entries) });
    expect(checkChain([])).toEqual({ intact: true, entries: 0, head: head([]) });
  });
});
