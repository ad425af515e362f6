/**
 * unleash-server on a PostgreSQL of its own, the peer that our 100 flags at once are measured
 * beside: both on this machine alone, and gone with the script.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Feature } from '#adapters/agents/unleash-features.ts';
import { findPostgres, startPostgres, stopPostgres } from '#test/bench/postgres.ts';
import { cpuMsOf, freePort } from '#test/bench/started-bot.ts';

type UnleashServer = {
  readonly port: number;
  readonly cpuMs: () => number;
  readonly stop: () => void;
};

/** As browsers ask: every flag that is on for one user. */
export const ALL_FLAGS = '/api/frontend?userId=user-123&plan=pro';
export const BROWSER_HEADERS = { authorization: 'default:development.a-browser-of-the-benchmark' };

const ADMIN = '*:*.an-admin-of-the-benchmark';
const FEATURES = '/api/admin/projects/default/features';
const READY_MS_MAX = 60_000;

type Installed = { readonly main: string; readonly postgres: string };
type Running = { readonly process: ChildProcess; readonly port: number };

/**
 * With these flags, of which exactly those have to be on for whom `ALL_FLAGS` asks: where answers
 * differ, speed says nothing. Undefined when something is missing or goes wrong, which is then said.
 */
export async function startUnleashServer(
  flags: readonly Feature[],
  on: readonly string[],
): Promise<UnleashServer | undefined> {
  const installed = findInstalled();
  if (!installed) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'signalman-unleash-'));
  let server: ChildProcess | undefined;
  // Without waiting for anything, since it also happens while this process ends.
  const stop = () => {
    process.off('exit', stop).off('SIGINT', end).off('SIGTERM', end);
    server?.kill('SIGKILL');
    stopPostgres(installed.postgres, folder);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop).once('SIGINT', end).once('SIGTERM', end);
  try {
    startPostgres(installed.postgres, folder);
    const port = await freePort();
    server = spawnServer(installed.main, folder, port);
    const running = { process: server, port };
    await until(running, 'is not ready', async () => (await fetch(at(port, '/health'))).ok);
    for (const flag of flags) await make(running, flag);
    await until(running, 'does not answer as we do', () => isOn(running, on));
    console.log(`unleash-server holds the same ${flags.length} flags, ${on.length} of them on`);
    const { pid = 0 } = server;
    return { port, cpuMs: () => cpuMsOf(pid), stop };
  } catch (problem) {
    stop();
    console.log(`unleash-server could not be measured: ${problem}`);
    return undefined;
  }
}

/** A signal alone would end the process without its `exit`. */
const end = () => process.exit(1);

function findInstalled(): Installed | undefined {
  const folder = process.env['UNLEASH_SERVER_PATH'] ?? '.';
  const main = resolve(folder, 'node_modules/unleash-server/dist/server.js');
  const postgres = findPostgres();
  if (existsSync(main) && postgres !== undefined) return { main, postgres };
  const missing = [
    !existsSync(main) &&
      'unleash-server (npm install --no-save unleash-server, here or in a folder that ' +
        'UNLEASH_SERVER_PATH names)',
    postgres === undefined && 'PostgreSQL (Debian’s package postgresql)',
  ].filter((one) => one !== false);
  console.log(
    `not found: ${missing.join(' and ')}; so the goal for 100 flags at once is taken from what ` +
      'unleash-server answered beside a bare server elsewhere',
  );
  return undefined;
}

function spawnServer(main: string, folder: string, port: number): ChildProcess {
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    TZ: 'UTC',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    DATABASE_HOST: folder,
    DATABASE_NAME: 'postgres',
    DATABASE_USERNAME: 'postgres',
    DATABASE_SSL: 'false',
    // Nothing of it leaves this machine.
    CHECK_VERSION: 'false',
    SEND_TELEMETRY: 'false',
    INIT_ADMIN_API_TOKENS: ADMIN,
    INIT_FRONTEND_API_TOKENS: BROWSER_HEADERS.authorization,
  };
  return spawn(process.execPath, ['--disable-warning=DeprecationWarning', main], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function make(server: Running, { name, strategies }: Feature): Promise<void> {
  const there = `${FEATURES}/${name}/environments/development`;
  await tell(server, FEATURES, { name, type: 'release' });
  for (const strategy of strategies) await tell(server, `${there}/strategies`, strategy);
  await tell(server, `${there}/on`, {});
}

async function isOn({ port }: Running, wanted: readonly string[]): Promise<boolean> {
  const response = await fetch(at(port, ALL_FLAGS), { headers: BROWSER_HEADERS });
  const { toggles } = (await response.json()) as { toggles: readonly { name: string }[] };
  const names = toggles.map(({ name }) => name).toSorted();
  return names.join() === wanted.toSorted().join();
}

async function tell({ port }: Running, path: string, what: object): Promise<void> {
  const headers = { authorization: ADMIN, 'content-type': 'application/json' };
  const body = JSON.stringify(what);
  const response = await fetch(at(port, path), { method: 'POST', headers, body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
}

const at = (port: number, path: string) => `http://127.0.0.1:${port}${path}`;

async function until(server: Running, problem: string, isSo: () => Promise<boolean>) {
  const endMs = performance.now() + READY_MS_MAX;
  while (!(await isSo().catch(() => false))) {
    const { exitCode } = server.process;
    if (exitCode !== null) throw new Error(`it ended by itself with code ${exitCode}`);
    if (performance.now() > endMs) throw new Error(`it ${problem} after ${READY_MS_MAX / 1_000} s`);
    await sleep(100);
  }
}
