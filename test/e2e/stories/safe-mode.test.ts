import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { signalBoxFor } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

test('with its database damaged Signalman answers agents, takes kills by every way, and commits them once it is restored', {
  timeout: 90_000,
}, async (story) => {
  const { start, spawn, stop, files, agents, ana, chidi, signalman, register } =
    await signalBoxFor(story);
  const { database } = files;
  await start();
  await chidi.types('/killswitch on writes it deletes too much');
  await until(() => existsSync(`${database}.snapshot`), { what: 'the snapshot to be written' });
  await stop();
  copyFileSync(database, `${database}.backup`);
  writeFileSync(database, readFileSync(database).fill('garbage', 4_096));

  const safe = spawn();
  await safe.says(/runs in safe mode, because its database cannot be used/);
  await until(() => agents.valueOf('support-agent.version').catch(() => false), {
    what: 'agents to be answered',
  });
  expect(await agents.valueOf('support-agent.version')).toBe('2.3.3');
  expect(await agents.valueOf('kill.writes')).toBe(true);
  const ready = await agents.ready();
  expect(ready).toMatchObject({
    problems: [expect.stringMatching(/safe mode.*damaged|malformed/)],
  });

  const refused = await ana.types('/rollout start support-agent 2.4.0');
  expect(refused.text).toMatch(/Nothing was done: Signalman runs in safe mode/);
  expect((await ana.types('/killswitch off writes')).text).toMatch(/runs in safe mode/);

  const bySlack = await chidi.types('/killswitch on refunds they go out twice');
  expect(bySlack.text).toMatch(/“refunds” is on.*stands in the emergency journal/);
  const wish = { active: true, reason: 'injections seen' };
  expect(await agents.kill('mails', wish)).toMatchObject({ status: 200, body: { durable: true } });
  const atTheMachine = await signalman('kill', 'on', 'uploads', 'leaking');
  expect(atTheMachine).toMatchObject({ code: 0, out: expect.stringMatching(/emergency journal/) });
  for (const name of ['refunds', 'mails', 'uploads'])
    expect(await agents.valueOf(`kill.${name}`)).toBe(true);

  await stop();
  for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
  copyFileSync(`${database}.backup`, database);
  await start();
  for (const name of ['writes', 'refunds', 'mails', 'uploads'])
    expect(await agents.valueOf(`kill.${name}`)).toBe(true);
  const late = (await register()).filter(({ body }) => body['details'] !== undefined);
  expect(late.map(({ body }) => body.target['killswitch']).sort()).toEqual([
    'mails',
    'refunds',
    'uploads',
  ]);
});
