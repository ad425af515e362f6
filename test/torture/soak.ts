/**
 * Hours of ordinary work: agents that ask, report and listen, people who type, and polls. Memory,
 * descriptors, the database's log and the event loop stay as they are after the warm-up.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { quantile } from '#test/bench/figure.ts';
import {
  freePort,
  inFolder,
  type SlackProcess,
  type StartedBot,
  startBot,
  startSlack,
} from '#test/bench/started-bot.ts';
import { openStreams } from '#test/bench/streams.ts';
import { type Row, type Trial, untriedOf } from '#test/torture/row.ts';

const HOURS = 8;
/** In the half hour in which everything is tried; a leak of some size is seen in it. */
const SHORT_HOURS = 2.5 / 60;
/** Before this long a slope is noise, and others are at work beside it: printed, and not judged. */
const JUDGED_HOURS_MIN = 2;
const REQUESTS_A_SECOND = 50;
const STREAMS = 1_000;
const SAMPLE_MS = 5 * SECOND_MS;

const MIB = 2 ** 20;
const GROWTH_MIB_AN_HOUR_MAX = 1;
const WAL_MIB_MAX = 16;
const LOOP_MS_MAX = 50;

type Sample = {
  readonly hours: number;
  readonly rssMib: number;
  readonly descriptors: number;
  readonly walMib: number;
  readonly loopMs: number;
};

export async function run({ hours = SHORT_HOURS, scale }: Trial): Promise<Row> {
  const name = 'soak';
  if (!existsSync('/proc/self/fd'))
    return { name, ok: true, figure: 'not tried', untried: 'only Linux says what a process holds' };
  const lastsMs = hours * HOUR_MS * Math.min(1, scale);
  return await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml' });
    const streams = await openStreams(bot.agentPort, STREAMS, {});
    const endsMs = performance.now() + lastsMs;
    try {
      const [samples, asked] = await Promise.all([
        watch(bot, join(folder, 'signalman.db-wal'), endsMs),
        askOn(bot.agentPort, endsMs),
        typeOn(slack, endsMs),
      ]);
      return { name, ...judged(samples, asked, lastsMs / HOUR_MS) };
    } finally {
      streams.close();
      await bot.stop();
      slack.stop();
    }
  });
}

type Asked = { readonly sent: number; readonly failed: number };

function judged(samples: readonly Sample[], { sent, failed }: Asked, hours: number) {
  // The first hour, or of a short run the first half, is for caches and compilers.
  const warmUpHours = Math.min(1, hours / 2);
  const steady = samples.filter((sample) => sample.hours >= warmUpHours);
  const growth = slopeOf(steady);
  const descriptors = steady.map((sample) => sample.descriptors);
  const spread = quantile(descriptors, 1) - quantile(descriptors, 0);
  const walMib = quantile(
    samples.map((sample) => sample.walMib),
    1,
  );
  const loops = steady.map((sample) => sample.loopMs);
  const loopMs = quantile(loops, 0.5);
  const isLong = hours >= JUDGED_HOURS_MIN;
  const isSteady = growth < GROWTH_MIB_AN_HOUR_MAX && loopMs < LOOP_MS_MAX;
  const figure =
    `${minutesIn(hours)} minutes, ${sent} requests (${failed} failed), ${STREAMS} streams: memory ` +
    `${rssOf(steady, 0).toFixed(0)} to ${rssOf(steady, -1).toFixed(0)} MiB after the warm-up, ` +
    `${growth.toFixed(1)} MiB an hour, descriptors within ` +
    `${spread}, database log up to ${walMib.toFixed(1)} MiB, loop p99 ${loopMs.toFixed(0)} ms, ` +
    `worst ${quantile(loops, 1).toFixed(0)} ms${isLong ? '' : ' (memory and loop are judged from two hours on)'}`;
  const ok = failed === 0 && (isSteady || !isLong) && walMib < WAL_MIB_MAX;
  // What listens once more while a sample is taken is no leak.
  const isFlat = spread <= 20;
  return { figure, ok: ok && isFlat, ...untriedOf(minutesIn(hours), minutesIn(HOURS), 'minutes') };
}

const minutesIn = (hours: number) => Math.round((hours * HOUR_MS * 10) / MINUTE_MS) / 10;
const rssOf = (samples: readonly Sample[], at: number) => samples.at(at)?.rssMib ?? 0;

/** By least squares, in MiB an hour. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [hours, rssMib] = [mean((one) => one.hours), mean((one) => one.rssMib)];
  const both = mean((one) => (one.hours - hours) * (one.rssMib - rssMib));
  const spread = mean((one) => (one.hours - hours) ** 2);
  return spread === 0 ? 0 : both / spread;
}

async function watch(bot: StartedBot, walPath: string, endsMs: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  while (performance.now() < endsMs) {
    await sleep(SAMPLE_MS);
    const metrics = await (await fetch(`http://127.0.0.1:${bot.agentPort}/metrics`)).text();
    const [, lag = 0] = /^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(metrics) ?? [];
    const status = readFileSync(`/proc/${bot.pid}/status`, 'utf8');
    samples.push({
      hours: (performance.now() - startedMs) / HOUR_MS,
      rssMib: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024,
      descriptors: readdirSync(`/proc/${bot.pid}/fd`).length,
      walMib: (statSync(walPath, { throwIfNoEntry: false })?.size ?? 0) / MIB,
      loopMs: Number(lag) * SECOND_MS,
    });
  }
  return samples;
}

/** At its times, whether or not what was asked before is answered. */
async function askOn(agentPort: number, endsMs: number): Promise<Asked> {
  const asked = { sent: 0, failed: 0 };
  const waiting = new Set<Promise<void>>();
  let dueMs = performance.now();
  while (performance.now() < endsMs) {
    const one = ask(agentPort, asked.sent).then((isFine) => {
      if (!isFine) asked.failed += 1;
    });
    waiting.add(one);
    void one.finally(() => waiting.delete(one));
    asked.sent += 1;
    dueMs += SECOND_MS / REQUESTS_A_SECOND;
    await sleep(Math.max(0, dueMs - performance.now()));
  }
  await Promise.all(waiting);
  return asked;
}

/** Every twentieth request is a report of agents; the others ask for a version or a switch. */
async function ask(agentPort: number, nth: number): Promise<boolean> {
  const key = nth % 2 === 0 ? 'support-agent.version' : 'kill.writes';
  const report = { service: 'support-agent', version: '2.3.3', success: true, latency_ms: 120 };
  const [path, body] =
    nth % 20 === 0
      ? ['/v1/agent-logs', [report]]
      : [`/ofrep/v1/evaluate/flags/${key}`, { context: { targetingKey: `user-${nth % 997}` } }];
  try {
    const url = `http://127.0.0.1:${agentPort}${path}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** People look, and now and then change something that every stream hears of. */
async function typeOn({ drive }: SlackProcess, endsMs: number): Promise<void> {
  for (let round = 0; performance.now() < endsMs; round += 1) {
    const percent = round % 2 === 0 ? 10 : 20;
    const texts = [
      ...['list', 'status support-agent', 'history', 'help'].map((word) => `/rollout ${word}`),
      `/rollout flag set soak ${percent}%`,
    ];
    const { problem } = await drive({ do: 'commands', texts, perSecond: 1 });
    if (problem) throw new Error(problem);
  }
}
