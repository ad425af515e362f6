import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askControl, listenForControl } from '#adapters/control-socket.ts';
import { aFolder } from '#test/support/store.ts';

const kill = { to: 'on', name: 'writes', reason: 'why', by: 'ana', key: 'one' } as const;

test('whoever leaves before the answer harms nobody', async () => {
  const path = join(aFolder(), 'signalman.db.sock');
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const control = await listenForControl(path, async () => {
    asked.resolve();
    await left.promise;
    return { ok: true, words: 'It acts.' };
  });
  onTestFinished(() => control.close());
  const impatient = connect(path);
  impatient.write(`${JSON.stringify(kill)}\n`);
  await asked.promise;
  impatient.destroy();
  await once(impatient, 'close');
  left.resolve();
  expect(await askControl(path, kill)).toEqual({ ok: true, words: 'It acts.' });
});
