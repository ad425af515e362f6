/**
 * Back within two seconds: a cold start, and a start after SIGKILL, with a register of a hundred
 * thousand entries. A kill that was thrown just before the end must be on again.
 */
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { later } from '#domain/time.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createRegister } from '#store/sqlite/register.ts';
import { quantile, type Timed } from '#test/bench/figure.ts';
import {
  freePort,
  inFolder,
  type StartedBot,
  startBot,
  startSlack,
} from '#test/bench/started-bot.ts';
import { noon } from '#test/support/builders.ts';
import { anEntry } from '#test/support/register.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const ENTRIES = 100_000;
const RUNS = 20;
const READY_MS_MAX = 2_000;
/** What the entries may add where the clock cannot be trusted. */
const ENTRIES_MS_MAX = 500;
const UNCACHED = { NODE_DISABLE_COMPILE_CACHE: '1' };

export async function run({ scale }: Trial): Promise<Row> {
  const runs = scaled(RUNS, { scale });
  const port = await freePort();
  const { apiUrl, stop } = await startSlack(port);
  const begin = (folder: string, env = {}) =>
    startBot({ port, apiUrl, folder, configPath: 'signalman.yml', env });
  const [empty, cold, recovered]: [Timed[], Timed[], Timed[]] = [[], [], []];
  let lost = 0;
  await inFolder(async (folder) => {
    // The first one leaves what was compiled to the others.
    for (let at = 0; at <= runs; at += 1) {
      const bot = await begin(folder);
      if (at > 0) empty.push(timesOf(bot));
      await bot.stop();
    }
  });
  await inFolder(async (folder) => {
    fill(join(folder, 'signalman.db'));
    for (let at = 0; at < runs; at += 1) {
      const name = `killed-${at}`;
      const first = await begin(folder, UNCACHED);
      cold.push(timesOf(first));
      await kill(first, name);
      await cutDown(first);
      const second = await begin(folder);
      recovered.push(timesOf(second));
      if (!(await isKilled(second, name))) lost += 1;
      await second.stop();
    }
  });
  stop();
  const figure = [
    `${ENTRIES} entries, ${runs} of each: ${inWords('nothing compiled yet', cold)}`,
    inWords('after SIGKILL', recovered),
    inWords('for comparison an empty database', empty),
    `${lost} kills lost; ${noise()}`,
  ].join('; ');
  const isInTime = isBusy()
    ? medianCpuMs(recovered) - medianCpuMs(empty) < ENTRIES_MS_MAX
    : [cold, recovered].every((times) => worst(tookMs(times)) < READY_MS_MAX);
  return { name: 'cold-start', figure, ok: lost === 0 && isInTime };
}

/** Under load the clock counts what others do; then the entries must add little to its own work. */
const isBusy = () => (loadavg()[0] ?? 0) > availableParallelism();
const noise = () =>
  `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors, so ${isBusy() ? 'what the entries add to its own work' : 'the clock'} decides`;

const worst = (ms: readonly number[]) => quantile(ms, 1);
const tookMs = (times: readonly Timed[]) => times.map((one) => one.tookMs);
const cpuMs = (times: readonly Timed[]) => times.map((one) => one.cpuMs);
const medianCpuMs = (times: readonly Timed[]) => quantile(cpuMs(times), 0.5);
const inWords = (what: string, times: readonly Timed[]) =>
  `${what} ${Math.round(quantile(tookMs(times), 0.5))} ms, slowest ${Math.round(worst(tookMs(times)))} ms (its own work ${Math.round(medianCpuMs(times))} ms)`;

const timesOf = ({ readyMs, readyCpuMs }: StartedBot): Timed => ({
  tookMs: readyMs,
  cpuMs: readyCpuMs,
});

async function cutDown(bot: StartedBot): Promise<void> {
  process.kill(bot.pid, 'SIGKILL');
  await bot.stop();
}

async function kill({ agentPort }: StartedBot, name: string): Promise<void> {
  const body = JSON.stringify({ active: true, reason: 'just before the end' });
  const url = `http://127.0.0.1:${agentPort}/v1/killswitches/${name}`;
  const { ok } = await fetch(url, { method: 'POST', body });
  if (!ok) throw new Error('The kill was not taken.');
}

async function isKilled({ agentPort }: StartedBot, name: string): Promise<boolean> {
  const url = `http://127.0.0.1:${agentPort}/ofrep/v1/evaluate/flags/kill.${name}`;
  const response = await fetch(url, { method: 'POST', body: '{"context":{}}' });
  return Object((await response.json()) as unknown).value === true;
}

function fill(path: string): void {
  const db = openDatabase(path);
  const { append } = createRegister(db);
  db.$client.exec('BEGIN');
  for (let at = 0; at < ENTRIES; at += 1) append(anEntry({ at: later(noon, at * 1_000) }));
  db.$client.exec('COMMIT');
  db.$client.close();
}
