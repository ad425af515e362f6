import { describe, expect, test } from 'vitest';
import { aService, settingsFile, signalBoxFor } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

describe('a start', { timeout: 60_000 }, () => {
  test('lists every problem of the file at once, by line and key, and exits with 1', async (story) => {
    const { spawn, rewrite } = await signalBoxFor(story);
    rewrite(
      [
        'channel: agent-ops',
        'poll: "61 * * * *"',
        'services:',
        '  support-agent:',
        '    stable: 2.3.3',
        '    dwell: soon',
        '    guards: { error_rate: { max: 5 } }',
        '    aproval: true',
      ].join('\n'),
    );
    const started = spawn();
    expect(await started.ended).toMatchObject({ code: 1 });
    const told = started.output();
    expect(told).toMatch(/signalman\.yml:2: poll: /);
    expect(told).toMatch(/signalman\.yml:6: .*dwell: “soon” is no duration/);
    expect(told).toMatch(/signalman\.yml:7: .*max: is a fraction; for 5 % write 0\.05/);
    expect(told).toMatch(/signalman\.yml:8: .*aproval.*approval/);
    expect(told).not.toMatch(/ at .*\.ts:\d+/);
  });

  test('names the file when it is not there or is no YAML', async (story) => {
    const { spawn, rewrite, files } = await signalBoxFor(story);
    rewrite('services: [');
    const garbled = spawn();
    const missing = spawn({ CONFIG_PATH: `${files.settings}.not-there` });
    expect(await garbled.ended).toMatchObject({ code: 1 });
    expect(garbled.output()).toMatch(/signalman\.yml:1/);
    expect(await missing.ended).toMatchObject({ code: 1 });
    expect(missing.output()).toMatch(/signalman\.yml\.not-there/);
    expect(missing.output()).not.toMatch(/ at .*\.ts:\d+/);
  });

  test('on what is no database, or is too far away for one, says whose path that is', async (story) => {
    const { spawn, files } = await signalBoxFor(story);
    const asDatabase = spawn({ DATABASE_PATH: files.settings });
    const tooLong = spawn({ DATABASE_PATH: `/tmp/${'far-'.repeat(30)}/signalman.db` });
    expect(await asDatabase.ended).toMatchObject({ code: 1 });
    expect(asDatabase.output()).toMatch(
      /cannot start:\n.*signalman\.yml cannot be opened \(file is not a database\)/,
    );
    expect(asDatabase.output()).toMatch(/DATABASE_PATH/);
    expect(await tooLong.ended).toMatchObject({ code: 1 });
    expect(tooLong.output()).toMatch(/DATABASE_PATH: write at most 98 bytes/);
  });

  test('with only one of Slack’s two secrets is refused by the name of the other', async (story) => {
    const { spawn } = await signalBoxFor(story);
    const started = spawn({ SLACK_SIGNING_SECRET: '', AGENT_PORT: 'many' });
    expect(await started.ended).toMatchObject({ code: 1 });
    expect(started.output()).toMatch(/SLACK_SIGNING_SECRET: set it as well, or unset/);
    expect(started.output()).toMatch(/AGENT_PORT: write a port number/);
    expect(started.output()).not.toMatch(/xoxb/);
  });

  test('on a port that is taken says so and leaves', async (story) => {
    const { start, spawn, files } = await signalBoxFor(story);
    await start();
    const second = spawn({ DATABASE_PATH: `${files.database}.other` });
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.output()).toMatch(/Signalman cannot start:[\s\S]*EADDRINUSE|is in use|is taken/);
  });
});

describe('a running process', { timeout: 60_000 }, () => {
  test('takes a corrected file on SIGHUP, and keeps the last good one when it is faulty', async (story) => {
    const { start, rewrite, chidi, ana, register } = await signalBoxFor(story);
    const running = await start();
    const refused = await chidi.types('/rollout flag set new-tone 10%');
    expect(refused.text).toMatch(/needs an operator/);

    rewrite('services: { support-agent: { dwell: soon } }');
    process.kill(running.pid, 'SIGHUP');
    await running.says(/was not reloaded; the last good one stays/);
    expect(running.output()).toMatch(/“soon” is no duration/);
    expect((await ana.types('/rollout status')).text).toMatch(/support-agent/);

    const people = { operators: ['U0CHIDI'], approvers: ['S0APPROVERS'] };
    const services = { 'support-agent': aService(), 'billing-agent': aService() };
    rewrite(settingsFile({ settings: { people }, services }));
    process.kill(running.pid, 'SIGHUP');
    await running.says(/The configuration was reloaded/);
    expect((await chidi.types('/rollout flag set new-tone 10%')).text).toMatch(/is 10 % now/);
    expect((await ana.types('/rollout flag set new-tone 20%')).text).toMatch(/needs an operator/);
    expect((await ana.types('/rollout status')).text).toMatch(/billing-agent/);
    expect(await register()).toContainEqual(
      expect.objectContaining({
        body: expect.objectContaining({ actor: { kind: 'cli', id: 'configuration' } }),
      }),
    );
  });

  test.concurrent.for(['SIGINT', 'SIGTERM'] as const)(
    'ends cleanly on %s within two seconds',
    async (signal, story) => {
      const { start, stop, agents } = await signalBoxFor(story);
      const running = await start();
      const stream = await agents.listen();
      await until(() => stream.told() > 0, { what: 'an open stream' });

      const ended = await stop(signal);

      expect(ended).toMatchObject({ code: 0, signal: null });
      expect(ended.ms).toBeLessThan(2_000);
      expect(running.output()).not.toMatch(/"level":(50|60)/);
      await stream.close();
    },
  );
});
