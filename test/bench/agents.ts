/**
 * `npm run bench:agents`: the agents' port under load, beside a bare server in the same run, and
 * beside unleash-server where that and PostgreSQL are installed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Feature } from '#adapters/agents/unleash-features.ts';
import { killThroughStreams } from '#test/bench/agents-kills.ts';
import { measureMixedLoad } from '#test/bench/agents-mixed.ts';
import { httpRequest, type LoadResult, run } from '#test/bench/load.ts';
import { AGENT_HEADERS } from '#test/bench/secrets.ts';
import { START_FLAGS } from '#test/bench/started-bot.ts';
import { ALL_FLAGS, BROWSER_HEADERS, startUnleashServer } from '#test/bench/unleash-server.ts';

const ROUNDS = 5;
const ROUND_MS = 1_000;
const CONNECTIONS = 32;
const MINUTE_MS = 60_000;
const [headers = { authorization: '' }] = AGENT_HEADERS;
const body = JSON.stringify({ context: { targetingKey: 'user-123', plan: 'pro' } });
const SINGLE = '/ofrep/v1/evaluate/flags/agent-0.version';
const BULK = '/ofrep/v1/evaluate/flags';
const FEATURES = '/api/client/features';

const BARE = 'bare node:http, one answer';
const AT_ONCE = '100 flags at once';
const UNLEASH = 'unleash-server, 100 flags at once';
const TIMES_UNLEASH_WANTED = 2.5;
/**
 * The same in percent of a bare server, for where there is no unleash-server: 8.2 gave 4,180
 * frontend answers a second beside 57,600 bare ones.
 */
const SHARE_WANTED = 18;

type Report = { readonly cpuMs: number; readonly changeMs: number };
type Server = { readonly port: number; readonly cpuMs: () => number | Promise<number> };
type Child = Server & { readonly process: ChildProcess };

async function start(...args: string[]): Promise<Child> {
  const execArgv = [...START_FLAGS];
  const child = fork('test/bench/agents-server.ts', args, { stdio: 'inherit', execArgv });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  const cpuMs = async () => (await ask(child, 'report')).cpuMs;
  return { process: child, port: message.port, cpuMs };
}

async function ask(child: ChildProcess, question: string): Promise<Report> {
  child.send({ ask: question });
  const [report] = (await once(child, 'message')) as [Report];
  return report;
}
const tell = (child: Child, what: string) => child.process.send({ ask: what });

type Measured = LoadResult & { readonly cpuUs: number };

async function measure(server: Server, requests: readonly string[]): Promise<Measured> {
  const beforeMs = await server.cpuMs();
  const load = { port: server.port, requests, connections: CONNECTIONS, ms: ROUND_MS };
  const result = await run(load);
  const afterMs = await server.cpuMs();
  const count = Object.values(result.statuses).reduce((sum, times) => sum + times, 0);
  return { ...result, cpuUs: ((afterMs - beforeMs) * 1_000) / count };
}

const middle = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

function say(name: string, results: readonly Measured[]): void {
  const of = (pick: (result: Measured) => number) => middle(results.map(pick));
  const statuses = [...new Set(results.flatMap((result) => Object.keys(result.statuses)))];
  console.log(
    `${name.padEnd(38)} ${of((r) => r.perSecond)
      .toFixed(0)
      .padStart(7)}/s` +
      `  p50 ${of((r) => r.p50Ms).toFixed(2)} ms  p99 ${of((r) => r.p99Ms).toFixed(2)} ms` +
      `  ${of((r) => r.cpuUs).toFixed(0)} us of CPU  (${statuses.join(', ')})`,
  );
}

/** In turns, so that whatever else the machine does hits all of them alike. */
async function compare(): Promise<void> {
  const [bare, ours, large] = await Promise.all([
    start('bare'),
    start('signalman', '100', '1'),
    start('signalman', '1000', '200'),
  ]);
  const response = await fetch(`http://127.0.0.1:${ours.port}${BULK}`, {
    method: 'POST',
    headers,
    body,
  });
  const etag = response.headers.get('etag') ?? '';
  const unleash = await startUnleashServer(await featuresOf(ours), await keysOfTrue(response));
  const asked = (path: string, more: object = {}, method = 'POST') =>
    AGENT_HEADERS.map((token) =>
      httpRequest(path, {
        ...(method === 'POST' && { body }),
        method,
        headers: { ...token, ...more },
      }),
    );
  const single = asked(SINGLE);
  const browser = httpRequest(ALL_FLAGS, { method: 'GET', headers: BROWSER_HEADERS });
  const runs: [string, Server, readonly string[]][] = [
    [BARE, bare, single],
    ['one key', ours, single],
    ['one key of 1,000 flags, 200 releases', large, single],
    [AT_ONCE, ours, asked(BULK)],
    ['100 flags, unchanged (304)', ours, asked(BULK, { 'if-none-match': etag })],
    ['Unleash features', ours, asked(FEATURES, {}, 'GET')],
  ];
  if (unleash) runs.push([UNLEASH, unleash, [browser]]);
  const results = new Map<string, Measured[]>(runs.map(([name]) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, child, requests] of runs) {
      const measured = await measure(child, requests);
      // In the first round everything is compiled that is compiled while running.
      if (round > 0) results.get(name)?.push(measured);
    }
  }
  for (const [name, measured] of results) say(name, measured);

  const rates = (name: string) => results.get(name)?.map(({ perSecond }) => perSecond) ?? [];
  const times = (name: string, peer: string) => {
    const peerRates = rates(peer);
    return middle(rates(name).map((rate, round) => rate / (peerRates[round] ?? rate)));
  };
  const share = (name: string) => `${(times(name, BARE) * 100).toFixed(0)} %`;
  console.log(`one key beside a bare server: ${share('one key')} (goal: 70 %)`);
  console.log(
    unleash
      ? `100 flags at once beside unleash-server: ${times(AT_ONCE, UNLEASH).toFixed(1)} times as ` +
          `often (goal: ${TIMES_UNLEASH_WANTED}), beside a bare server: ${share(AT_ONCE)}`
      : `100 flags at once beside a bare server: ${share(AT_ONCE)} (goal: ${SHARE_WANTED} %)`,
  );
  const unchanged = middle(rates('100 flags, unchanged (304)'));
  console.log(`304s: ${unchanged.toFixed(0)}/s (goal: 20,000/s)`);
  const { changeMs } = await ask(large.process, 'change');
  console.log(`a change among 1,000 flags and 200 releases: ${changeMs.toFixed(2)} ms`);
  for (const child of [bare, ours, large]) tell(child, 'exit');
  unleash?.stop();
}

/** The flags by themselves, as we tell them to Unleash's SDKs. */
async function featuresOf(child: Child): Promise<readonly Feature[]> {
  const response = await fetch(`http://127.0.0.1:${child.port}${FEATURES}`, { headers });
  const { features } = (await response.json()) as { features: readonly Feature[] };
  return features.filter(({ name }) => name.startsWith('flag-'));
}

async function keysOfTrue(response: Response): Promise<readonly string[]> {
  type Answer = { readonly key: string; readonly value: unknown };
  const { flags } = (await response.json()) as { flags: readonly Answer[] };
  return flags.filter(({ value }) => value === true).map(({ key }) => key);
}

/** A figure that this machine cannot give in time is said to be missing, and the next one is tried. */
async function within(ms: number, name: string, work: () => Promise<void>): Promise<void> {
  const late = sleep(ms, undefined, { ref: false }).then(() => {
    throw new Error(`not done after ${ms / 1_000} s`);
  });
  await Promise.race([work(), late]).catch((problem: unknown) => {
    console.log(`${name} could not be measured: ${problem}`);
  });
}

console.log(
  `${availableParallelism()} processors for servers and load together, ` +
    `load average before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
);
await within(3 * MINUTE_MS, 'evaluation', compare);
await within(MINUTE_MS, '1,000 streams', () => killThroughStreams(1_000, 40));
await within(MINUTE_MS, '10,000 streams', () => killThroughStreams(10_000, 250));
await within(2 * MINUTE_MS, 'Slack under load', measureMixedLoad);
process.exit(0);
