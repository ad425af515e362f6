/** From Slack's acknowledgement of a kill to the last of many streams, through the bot as it is started. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '#test/bench/figure.ts';
import { stallsSince, watching } from '#test/bench/stalls.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';
import { openStreams } from '#test/bench/streams.ts';

const KILLS = 11;
const BETWEEN_MS = 300;
/** Whoever was asked for the first time is looked up and what runs is compiled. */
const WARM_KILLS = 2;
const MEMORY_MIB_MAX = 300;
const STALL_MS_MAX = 15;

export async function killThroughStreams(count: number, toldMsMax: number): Promise<void> {
  const { fromAckMs, fromCommandMs, stallMs, memory } = await measureKills(count);
  console.log(
    `${count} streams, kill in Slack: from its ack to the last of them ${range(fromAckMs)} ` +
      `(goal: ${toldMsMax}; the ack says who was told), from the command ${range(fromCommandMs)}; ` +
      `longest stall of the agents’ thread ${stallMs.agents.toFixed(1)} ms (goal: ${STALL_MS_MAX}), ` +
      `of the main one ${stallMs.main.toFixed(1)} ms; ${memory} (goal: ${MEMORY_MIB_MAX})`,
  );
}

/** Where nothing else is said, times are those of the stream that is told last. */
export async function measureKills(count: number) {
  return await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const env = watching(folder);
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml', env });
    try {
      const streams = await openStreams(bot.agentPort, count, {});
      const kill = async (name: string) => {
        const all = streams.nextOnAll();
        const texts = [`/killswitch on ${name} benchmark`];
        const driven = await slack.drive({ do: 'commands', perSecond: 1, texts });
        const { problem, endedAt, samples } = driven;
        if (problem !== undefined) throw new Error(problem);
        const [ackMs = 0] = samples;
        const toldAt = await all;
        return { toldAt, lastAt: toldAt.at(-1) ?? Number.NaN, endedAt, askedAt: endedAt - ackMs };
      };
      for (let nth = 0; nth < WARM_KILLS; nth += 1) await kill(`warm-${nth}`);
      const since = Date.now();
      const told: Awaited<ReturnType<typeof kill>>[] = [];
      for (let nth = 0; nth < KILLS; nth += 1) {
        await sleep(BETWEEN_MS);
        told.push(await kill(`switch-${nth}`));
      }
      streams.close();
      const longestStall = (thread: 'main' | 'agents') =>
        Math.max(...stallsSince(folder, thread, since));
      return {
        fromAckMs: told.map(({ lastAt, endedAt }) => lastAt - endedAt),
        fromCommandMs: told.map(({ lastAt, askedAt }) => lastAt - askedAt),
        /** Of every stream, for every kill. */
        eachFromCommandMs: told.flatMap(({ toldAt, askedAt }) => toldAt.map((at) => at - askedAt)),
        stallMs: { agents: longestStall('agents'), main: longestStall('main') },
        memory: rssMib(bot.pid),
      };
    } finally {
      await bot.stop();
      slack.stop();
    }
  });
}

export const range = (ms: readonly number[]) =>
  `${quantile(ms, 0.5).toFixed(0)} ms (${Math.min(...ms).toFixed(0)} to ${Math.max(...ms).toFixed(0)})`;

/** Of the whole process; only Linux says. */
function rssMib(pid: number): string {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return `${(Number(kib) / 1024).toFixed(0)} MiB`;
  } catch {
    return 'memory unknown here';
  }
}
