/** The examples people copy, run as they would run them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type AgentToken, readAgentTokens } from '#adapters/agents/agent-token.ts';
import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { withService } from '#domain/snapshot.ts';
import { agentsPort, aService, aSplit, itemsOf } from '#test/support/agents.ts';

const SECRET = 'a-secret-of-agents';
const SWITCHED_OFF = 'This service is switched off';

function tokens(): readonly AgentToken[] {
  const read = readAgentTokens(`production:evaluate+ingest:${SECRET}`);
  if (!read.ok) throw new Error(read.refusal.join());
  return read.value;
}

type Example = { readonly name: string; readonly command: string; readonly args: string[] };
const examples: Example[] = [
  {
    name: 'TypeScript with OpenFeature',
    command: process.execPath,
    args: ['examples/typescript-openfeature/agent.ts'],
  },
  {
    name: 'TypeScript with Unleash’s SDK',
    command: process.execPath,
    args: ['examples/typescript-unleash/agent.ts'],
  },
  { name: 'Python', command: 'python3', args: ['examples/python/agent.py'] },
];

/** A language that is not on this machine cannot be tried here; CI has them all. */
const isHere = (command: string) =>
  process.env.CI === 'true' || spawnSync(command, ['--version']).status === 0;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function run({ command, args }: Pick<Example, 'command' | 'args'>, url: string, env: object = {}) {
  const child: ChildProcess = spawn(command, args, {
    env: {
      ...process.env,
      SIGNALMAN_URL: url,
      SIGNALMAN_TOKEN: SECRET,
      PAUSE_MS: '25',
      REFRESH_MS: '40',
      BACKUP_PATH: temporaryFolder(),
      ...env,
    },
  });
  onTestFinished(() => {
    child.kill();
  });
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const errors: string[] = [];
  child.stderr?.on('data', (text) => errors.push(String(text)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { lines, errors, ended };
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const release = (snapshots: SnapshotHolder) =>
  snapshots.update((snapshot) =>
    withService(snapshot, 'support-agent', aService({ split: aSplit({ weightPercent: 100 }) })),
  );

describe.each(examples.filter(({ command }) => isHere(command)))(
  'the example in $name',
  (example) => {
    test('follows a release and a kill, and reports what it did', async () => {
      const { url, snapshots, records } = await agentsPort({ tokens: tokens() });
      const agent = run(example, url);
      await soon(() => expect(agent.lines.join()).toContain('[2.3.3] I have noted'));
      release(snapshots);
      await soon(() => expect(agent.lines.at(-1)).toContain('[2.4.0] Understood'));
      await soon(() => expect(records.flatMap(itemsOf).length).toBeGreaterThan(10));
      snapshots.killNow('support-agent');
      await soon(() => expect(agent.lines.at(-1)).toContain(SWITCHED_OFF));

      const logs = records.flatMap(itemsOf);
      expect(new Set(logs.map(({ assigned }) => assigned))).toEqual(new Set(['split']));
      expect(logs[0]).toMatchObject({ service: 'support-agent', success: true, version: '2.3.3' });
      expect(records.every(({ idempotencyKey }) => idempotencyKey !== undefined)).toBe(true);
    }, 30_000);

    test('goes on while Signalman is away, and delivers its logs afterwards', async () => {
      const first = await agentsPort({ tokens: tokens() });
      const agent = run(example, first.url);
      await soon(() => expect(agent.lines.length).toBeGreaterThan(3));
      await first.server.close();
      const before = agent.lines.length;
      await soon(() => expect(agent.lines.length).toBeGreaterThan(before + 20));
      expect(agent.lines.slice(before).every((line) => line.includes('[2.3.3]'))).toBe(true);

      const second = await agentsPort({ tokens: tokens() }, { port: first.server.port });
      release(second.snapshots);
      await soon(() => expect(agent.lines.at(-1)).toContain('[2.4.0]'));
      await soon(() => {
        const logs = second.records.flatMap(itemsOf);
        expect(logs.filter(({ version }) => version === '2.3.3').length).toBeGreaterThan(10);
      });
    }, 30_000);

    test('starts without Signalman, on its stated default', async () => {
      const agent = run(example, 'http://127.0.0.1:9', { REQUESTS: '3' });
      expect(await agent.ended).toBe(0);
      expect(agent.lines.filter((line) => line.includes('[2.3.3]'))).toHaveLength(3);
    }, 30_000);
  },
);

describe.runIf(isHere('curl') && isHere('jq'))('the example with curl', () => {
  const curl = { command: 'examples/curl/agent.sh', args: ['user-7'] };

  test('asks, works and reports', async () => {
    const { url, records } = await agentsPort({ tokens: tokens() });
    const agent = run(curl, url);
    expect(await agent.ended).toBe(0);
    expect(agent.lines[0]).toBe('user-7: [2.3.3] where is my parcel?');
    expect(records.flatMap(itemsOf)[0]).toMatchObject({ version: '2.3.3', key: 'user-7' });
  });

  test('stops when it is killed, and has a default when nobody answers', async () => {
    const { url, snapshots } = await agentsPort({ tokens: tokens() });
    snapshots.killNow('global');
    const killed = run(curl, url);
    await killed.ended;
    expect(killed.lines.join()).toContain(SWITCHED_OFF);
    const alone = run(curl, 'http://127.0.0.1:9');
    await alone.ended;
    expect(alone.lines[0]).toContain('[2.3.3]');
  });
});
