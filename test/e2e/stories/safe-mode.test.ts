import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { damageDatabase } from '#test/support/damage.ts';
import { signalBoxFor } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

test('with its database damaged while it runs Signalman goes into safe mode, answers agents, takes kills by every way, and commits them once it is restored', {
  timeout: 90_000,
}, async (story) => {
  const { start, spawn, stop, files, agents, ana, chidi, signalman, register } =
    await signalBoxFor(story);
  const { database } = files;
  const running = await start();
  await chidi.types('/killswitch on writes it deletes too much');
  await until(() => existsSync(`${database}.snapshot`), { what: 'the snapshot to be written' });
  damageDatabase(database, { copy: `${database}.backup` });

  // It may end at any moment, and then there is still the command line.
  const wish = { active: true, reason: 'injections seen' };
  const byHttp = await agents.kill('replies', wish).catch(() => undefined);
  if (byHttp?.status !== 200) await signalman('kill', 'on', 'replies', 'injections seen');
  const ended = await running.ended;
  expect(ended.code).toBe(1);
  expect(ended.out).toMatch(/The database is damaged; .* its next start is in safe mode/);
  expect(ended.out).not.toMatch(/nobody expected/);
  const whileItIsDown = await signalman('kill', 'on', 'searches', 'leaking');
  expect(whileItIsDown).toMatchObject({ code: 0, out: expect.stringMatching(/emergency journal/) });

  const safe = spawn();
  await safe.says(/runs in safe mode, because its database cannot be used/);
  await until(() => agents.valueOf('support-agent.version').catch(() => false), {
    what: 'agents to be answered',
  });
  expect(await agents.valueOf('support-agent.version')).toBe('2.3.3');
  for (const name of ['writes', 'replies', 'searches'])
    expect(await agents.valueOf(`kill.${name}`)).toBe(true);
  const ready = await agents.ready();
  expect(ready).toMatchObject({
    problems: [expect.stringMatching(/safe mode.*malformed, met while it was in use/)],
  });
  expect(await agents.metrics()).toMatch(/^signalman_safe_mode 1$/m);

  const refused = await ana.types('/rollout start support-agent 2.4.0');
  expect(refused.text).toMatch(/Nothing was done: Signalman runs in safe mode/);
  expect((await ana.types('/killswitch off writes')).text).toMatch(/runs in safe mode/);

  const bySlack = await chidi.types('/killswitch on refunds they go out twice');
  expect(bySlack.text).toMatch(/“refunds” is on.*stands in the emergency journal/);
  expect(await agents.kill('mails', wish)).toMatchObject({ status: 200, body: { durable: true } });
  const atTheMachine = await signalman('kill', 'on', 'uploads', 'leaking');
  expect(atTheMachine).toMatchObject({ code: 0, out: expect.stringMatching(/emergency journal/) });
  for (const name of ['refunds', 'mails', 'uploads'])
    expect(await agents.valueOf(`kill.${name}`)).toBe(true);

  await stop();
  for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
  copyFileSync(`${database}.backup`, database);
  await start();
  for (const name of ['writes', 'replies', 'searches', 'refunds', 'mails', 'uploads'])
    expect(await agents.valueOf(`kill.${name}`)).toBe(true);
  const late = (await register()).filter(({ body }) =>
    JSON.stringify(body).includes('recorded_late'),
  );
  expect(late.map(({ body }) => body.target['killswitch']).sort()).toEqual([
    'mails',
    'refunds',
    'replies',
    'searches',
    'uploads',
  ]);
});
