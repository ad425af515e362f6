/** What a newcomer does: `npm start` in the repository, with nothing set up. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import type { DemoState } from '#sandbox/demo-protocol.ts';
import { machine, type NodeProcess, ROOT, startNode, watch } from '#test/support/node-process.ts';
import { freePorts } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

type Surroundings = { readonly folder: string; readonly env: Readonly<Record<string, string>> };

/** Ports and a folder of its own; everything else is as it comes. */
async function openSandbox(
  { onTestFailed, onTestFinished }: TestContext,
  start: (surroundings: Surroundings) => NodeProcess,
  more: Surroundings['env'] = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-sandbox-'));
  const [port, agentPort, sandboxPort] = await freePorts(3);
  const env = {
    PORT: String(port),
    AGENT_PORT: String(agentPort),
    SANDBOX_PORT: String(sandboxPort),
    DATABASE_PATH: join(folder, 'signalman.db'),
    CONFIG_PATH: join(ROOT, 'signalman.yml'),
    ...more,
    // What is set already wins over a developer's own .env, even when it is set to nothing.
    SLACK_BOT_TOKEN: '',
    SLACK_SIGNING_SECRET: '',
    SLACK_APP_TOKEN: '',
  };
  const started = start({ folder, env });
  onTestFailed(() => console.log(started.output()));
  onTestFinished(async () => {
    await started.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await started.says(/sandbox is open: {2}http:\/\/127\.0\.0\.1:\d+[\s\S]*Ctrl-C stops it/);
  const page = `http://127.0.0.1:${sandboxPort}`;
  const demo = await until(
    async () => {
      const state = (await (await fetch(`${page}/sandbox/demo`)).json()) as DemoState;
      return state.ofrep.reachable && state.arms.stable.requests > 50 && state;
    },
    { what: 'agents that are told what to run', withinMs: 40_000 },
  );
  onTestFinished(() => {
    // Only when the test has failed is it still there.
    if (!isGone(demo.bot.pid)) process.kill(demo.bot.pid ?? 0, 'SIGKILL');
  });
  return { started, page, demo, agents: `http://127.0.0.1:${agentPort}` };
}

const isGone = (pid = 0) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

/** A group of its own, as a terminal makes one: Ctrl-C reaches everybody in it. */
function npmStart({ env }: Surroundings): NodeProcess {
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...machine(), ...env },
  });
  return watch(child, (signal) => process.kill(-(child.pid ?? 0), signal));
}

test.concurrent('npm start alone opens a workspace with live traffic, and Ctrl-C ends all of it', {
  timeout: 90_000,
}, async (story) => {
  const { started, page, demo, agents } = await openSandbox(story, npmStart);
  expect(await (await fetch(page)).text()).toMatch(/<title>/);
  expect(demo.arms.stable.version).toBe('2.3.3');
  expect(demo.bot.running).toBe(true);
  expect((await fetch(`${agents}/healthz/ready`)).status).toBe(200);

  const { ms } = await started.end('SIGINT');

  expect(ms).toBeLessThan(3_000);
  await until(() => isGone(demo.bot.pid), { what: 'the bot to be gone' });
  expect(started.output()).not.toMatch(/"level":(50|60)|Error/);
});

test.concurrent('a sandbox with tokens gives its agents one, and takes its bot with it when it stops', {
  timeout: 90_000,
}, async (story) => {
  const { started, demo } = await openSandbox(
    story,
    ({ folder, env }) => startNode({ script: 'src/main.ts', env, cwd: folder }),
    { AGENT_TOKENS: 'production:kill:for-somebody-else' },
  );
  expect(await started.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(isGone(demo.bot.pid)).toBe(true);
});
