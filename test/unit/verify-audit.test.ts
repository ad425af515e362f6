import { describe, expect, test } from 'vitest';
import { HOUR_MS, later } from '#domain/time.ts';
import { checkRegister } from '#store/check-register.ts';
import { noon } from '#test/support/builders.ts';
import { aRegister, aSigner, checkpointOf, exported } from '#test/support/register.ts';
import { run } from '#test/torture/tamper.ts';
import { checkExport, notesIn } from '../../scripts/verify-audit.mjs';

test('tampering of every kind is found by both verifiers, at the same entry', async () => {
  expect(await run({ seed: 20, scale: 0.02 })).toMatchObject({ ok: true });
});

describe('scripts/verify-audit.mjs', () => {
  const signer = aSigner();
  const { verifierKey } = signer;
  const entries = aRegister(200);
  const text = exported(entries);

  test('vouches for what a recent checkpoint covers, and for nothing else, as the bot does', () => {
    const recent = checkpointOf(entries.slice(0, 150), signer);
    const old = checkpointOf(entries.slice(0, 9), signer);
    for (const [note, status, says] of [
      [recent, 0, 'intact'],
      [old, 4, 'unvouched'],
      ['nothing\n', 3, 'disagrees'],
    ] as const) {
      const found = [{ where: 'here', note }];
      expect(checkExport(text, [note], verifierKey).status).toBe(status);
      expect(checkRegister({ entries, notes: found, verifierKey }).says).toBe(says);
    }
    expect(checkExport(text).status).toBe(4);
    expect(checkExport(text, [], verifierKey).words).toMatch(/there is no checkpoint/);
    expect(checkRegister({ entries, notes: [] }).says).toBe('unvouched');
  });

  test('takes a register that stands still as it is, however old its checkpoint', () => {
    const note = checkpointOf(entries, signer, later(noon, -99 * HOUR_MS));
    expect(checkExport(text, [note], verifierKey).status).toBe(0);
  });

  test('reads a checkpoint as somebody copied it out of a channel', () => {
    const copied = `  Checkpoint of the register\r\n\`\`\`\r\n${checkpointOf(entries, signer).replaceAll('\n', '  \r\n')}\`\`\``;
    const notes = notesIn(copied);
    expect(checkExport(text, notes, verifierKey).status).toBe(0);
  });
});
