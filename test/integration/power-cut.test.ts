/** `npm run torture -- --only power-cut` cuts five hundred times, and also with `NORMAL`. */
import { expect, test } from 'vitest';
import { yes } from '#domain/result.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { noon } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';
import { cutPower, whyNoPowerCut } from '#test/torture/power-cut.ts';

const FULL = 2;
const missing = whyNoPowerCut();

test('SQLite still waits for the disk after it has written', async () => {
  const { store, db } = aStore();
  await store.change(
    { kind: 'killswitch', name: 'writes' },
    (next) => yes({ next: { ...next, reason: 'written' }, owes: [] }),
    { at: noon },
  );
  expect(db.$client.pragma('synchronous', { simple: true })).toBe(FULL);
});

if (missing && process.env['CI'] !== 'true') {
  console.warn(`Power cuts are not tested here: ${missing}`);
  test(`no power is cut here: ${missing}`, () => expect(missing).toBeDefined());
} else {
  test('nothing that was acknowledged is lost when the power fails', async () => {
    const { cuts, lost, broken } = await cutPower({ mode: 'FULL', times: 5, roll: dice(7) });
    expect({ cuts, lost, broken }).toEqual({ cuts: 5, lost: 0, broken: 0 });
  }, 60_000);
}
