/** What a newcomer does: `npm start` in the repository, with nothing set up. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFailed, onTestFinished, test } from 'vitest';
import type { DemoState } from '#sandbox/protocol.ts';
import { machine, ROOT, watch } from '#test/support/node-process.ts';
import { freePorts } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

async function npmStart() {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-sandbox-'));
  const [port, agentPort, sandboxPort] = await freePorts(3);
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    // A group of its own, as a terminal makes one: Ctrl-C reaches everybody in it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      PORT: String(port),
      AGENT_PORT: String(agentPort),
      SANDBOX_PORT: String(sandboxPort),
      DATABASE_PATH: join(folder, 'signalman.db'),
      // What is set already wins over a developer's own .env, even when it is set to nothing.
      SLACK_BOT_TOKEN: '',
      SLACK_SIGNING_SECRET: '',
      SLACK_APP_TOKEN: '',
    },
  });
  const started = watch(child, (signal) => process.kill(-(child.pid ?? 0), signal));
  onTestFailed(() => console.log(started.output()));
  onTestFinished(async () => {
    await started.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    started,
    page: `http://127.0.0.1:${sandboxPort}`,
    agents: `http://127.0.0.1:${agentPort}`,
  };
}

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

test('npm start alone opens a workspace with live traffic, and Ctrl-C ends all of it', {
  timeout: 60_000,
}, async () => {
  const { started, page, agents } = await npmStart();
  await started.says(/sandbox is open: {2}http:\/\/127\.0\.0\.1:\d+[\s\S]*Ctrl-C stops it/);
  expect(await (await fetch(page)).text()).toMatch(/<title>/);

  const demo = await until(
    async () => {
      const state = (await (await fetch(`${page}/sandbox/demo`)).json()) as DemoState;
      return state.ofrep.reachable && state.arms.stable.requests > 50 && state;
    },
    { what: 'agents that are told what to run' },
  );
  expect(demo.arms.stable.version).toBe('2.3.3');
  expect(demo.bot.running).toBe(true);
  expect((await fetch(`${agents}/healthz/ready`)).status).toBe(200);

  const ended = await started.end('SIGINT');

  expect(ended.ms).toBeLessThan(3_000);
  await until(() => isGone(demo.bot.pid ?? 0), { what: 'the bot to be gone' });
  expect(started.output()).not.toMatch(/"level":(50|60)|Error/);
});
