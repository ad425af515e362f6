/** Five thousand requests a second, half to each port, and kills in between by every way there is. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killCommand } from '#adapters/cli/kill-command.ts';
import { httpRequest } from '#test/bench/load.ts';
import { runElsewhere } from '#test/bench/load-process.ts';
import {
  freePort,
  inFolder,
  type SlackProcess,
  startBot,
  startSlack,
} from '#test/bench/started-bot.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const PER_SECOND = 5_000;
const KILL_MS_MAX = 2_000;
const GIVEN_UP_AFTER_MS = 3 * KILL_MS_MAX;
/** Of each way; one of each goes out in every second. */
const KILLS = 20;
const CONNECTIONS = 50;
const REACHED_SHARE_MIN = 0.9;

/** Nobody signed it, which is found out only once all of it has been read. */
const UNSIGNED = httpRequest('/slack/events', { body: JSON.stringify({ text: 'x'.repeat(500) }) });
const QUESTION = httpRequest('/ofrep/v1/evaluate/flags/support-agent.version', {
  body: JSON.stringify({ context: { targetingKey: 'user-1' } }),
});

export async function run(trial: Trial): Promise<Row> {
  return await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml' });
    try {
      return await flood(trial, { slack, port, folder, agentPort: bot.agentPort });
    } finally {
      await bot.stop();
      slack.stop();
    }
  });
}

type House = {
  readonly slack: SlackProcess;
  readonly port: number;
  readonly agentPort: number;
  readonly folder: string;
};

async function flood(trial: Trial, house: House): Promise<Row> {
  const kills = scaled(KILLS, trial);
  const ms = (kills + 1) * 1_000;
  const perSecond = PER_SECOND / 2;
  const asking = { connections: CONNECTIONS, port: house.agentPort, requests: [QUESTION] };
  const floods = Promise.all([
    knockElsewhere(house.port, ms),
    runElsewhere({ ...asking, perSecond, ms }),
  ]);
  await sleep(500);
  const took: number[] = [];
  for (let at = 0; at < kills; at += 1)
    for (const [way, kill] of Object.entries(WAYS)) {
      const name = `${way}-${at}`;
      const startedMs = performance.now();
      await kill(house, name);
      while (!(await isKilled(house, name)) && performance.now() - startedMs < GIVEN_UP_AFTER_MS);
      took.push(performance.now() - startedMs);
      await sleep(1_000 / Object.keys(WAYS).length);
    }
  const [atSlack, atAgents] = await floods;
  const late = took.filter((one) => one > KILL_MS_MAX).length;
  const failed = [atSlack, atAgents]
    .flatMap(({ statuses }) => Object.entries(statuses))
    .filter(([status]) => !(Number(status) < 500));
  const answered = Object.values(atSlack.statuses).reduce((sum, one) => sum + one, 0);
  const rate = Math.round(answered / (ms / 1_000) + atAgents.perSecond);
  const slowest = Math.round(Math.max(...took));
  const figure = `${rate} requests a second on two ports, ${failed.length} kinds of 5xx; ${took.length} kills by ${Object.keys(WAYS).join(', ')}: slowest ${slowest} ms, ${late} late`;
  return {
    ...{ name: 'flood', figure, ok: late === 0 && failed.length === 0 },
    // Whoever sends has to share the processors with whoever answers.
    ...(rate < PER_SECOND * REACHED_SHARE_MIN && {
      untried: `this machine reached ${rate} of ${PER_SECOND} requests a second`,
    }),
  };
}

const WAYS: Readonly<Record<string, (house: House, name: string) => Promise<unknown>>> = {
  slack: ({ slack }, name) =>
    slack.drive({ do: 'commands', texts: [`/killswitch on ${name} flooded`], perSecond: 1 }),
  http: ({ agentPort }, name) =>
    post(agentPort, `/v1/killswitches/${name}`, { active: true, reason: 'flooded' }),
  cli: ({ folder }, name) =>
    killCommand.run({
      ...{ config: { ok: false, refusal: [] }, databasePath: `${folder}/signalman.db` },
      ...{ configPath: 'signalman.yml', words: ['on', name, 'flooded'], login: 'ana' },
      ...{ say: () => {}, complain: console.error },
    }),
};

type Knocked = { readonly statuses: Readonly<Record<string, number>> };

/** In a process of its own, which ends with it. */
async function knockElsewhere(port: number, ms: number): Promise<Knocked> {
  const child = fork(fileURLToPath(import.meta.url), [KNOCK, String(port), String(ms)]);
  const [knocked] = (await once(child, 'message')) as [Knocked];
  return knocked;
}

const KNOCK = 'knock';
const TICK_MS = 10;

/** What is refused is cut off as well, so each request comes on a connection of its own. */
async function knock(port: number, ms: number): Promise<Knocked> {
  const statuses: Record<string, number> = {};
  const begin = () => {
    const socket = connect(port, '127.0.0.1', () => socket.write(UNSIGNED));
    socket.once('data', (answer) => {
      const status = answer.toString('latin1', 9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
    // A connection that finds no room is what a flood is about.
    socket.on('error', () => {});
  };
  const startedMs = performance.now();
  let begun = 0;
  while (performance.now() - startedMs < ms) {
    const due = ((performance.now() - startedMs) / 1_000) * (PER_SECOND / 2);
    for (; begun < due; begun += 1) begin();
    await sleep(TICK_MS);
  }
  return { statuses };
}

async function isKilled({ agentPort }: House, name: string): Promise<boolean> {
  const asked = await post(agentPort, `/ofrep/v1/evaluate/flags/kill.${name}`, { context: {} });
  return Object(asked).value === true;
}

async function post(port: number, path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const sent = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`http://127.0.0.1:${port}${path}`, sent)).json()) as unknown;
}

const [, , word, port, ms] = process.argv;
if (word === KNOCK)
  knock(Number(port), Number(ms)).then((knocked) => {
    process.send?.(knocked, () => process.exit(0));
  });
