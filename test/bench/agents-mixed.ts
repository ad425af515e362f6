/** How long Slack waits while agents ask and report as fast as this machine lets them. */
import { startBareServer } from '#test/bench/bare-server.ts';
import { type Figure, quantile } from '#test/bench/figure.ts';
import { httpRequest, type LoadResult } from '#test/bench/load.ts';
import { runElsewhere } from '#test/bench/load-process.ts';
import { AGENT_HEADERS, AGENT_TOKENS } from '#test/bench/secrets.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';

const WARM_TIMES = 40;
const PER_SECOND = 20;
const TIMES = 10 * PER_SECOND;
const LOAD_MS = 12_000;
const LOGS_A_BATCH = 100;
const EVALUATIONS = { perSecond: 20_000, connections: 24 };
const BATCHES = { perSecond: 50, connections: 4 };

const KEY = '/ofrep/v1/evaluate/flags/support-agent.version';
const QUESTION = JSON.stringify({ context: { targetingKey: 'user-123', plan: 'pro' } });
const LOG = { service: 'support-agent', version: '2.3.3', success: true, latency_ms: 420 };
const BATCH = JSON.stringify(Array.from({ length: LOGS_A_BATCH }, () => LOG));

/** The bot as operators start it, Slack, and both loads: five processes. */
export async function measureMixedLoad(): Promise<void> {
  await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const env = { AGENT_TOKENS };
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml', env });
    const acks = async (times: number) => {
      const texts = Array.from({ length: times }, (_, at) => textOf(at));
      const { samples, problem } = await slack.drive({
        do: 'commands',
        perSecond: PER_SECOND,
        texts,
      });
      if (problem !== undefined) throw new Error(problem);
      return samples;
    };
    const load = (path: string, body: string, pace: { perSecond: number; connections: number }) =>
      runElsewhere({
        ...pace,
        port: bot.agentPort,
        ms: LOAD_MS,
        requests: AGENT_HEADERS.map((headers) => httpRequest(path, { body, headers })),
      });
    const bare = await startBareServer();
    const besideBare = () =>
      bare.beside({ times: TIMES, perSecond: PER_SECOND }, () => acks(TIMES));
    try {
      await acks(WARM_TIMES);
      const quiet = await besideBare();
      const [evaluations, batches, loaded] = await Promise.all([
        load(KEY, QUESTION, EVALUATIONS),
        load('/v1/agent-logs', BATCH, BATCHES),
        besideBare(),
      ]);
      sayMixed({ evaluations, batches, quiet, loaded });
    } finally {
      bare.stop();
      await bot.stop();
      slack.stop();
    }
  });
}

type Beside = { readonly done: readonly number[]; readonly noise: Figure };
type Mixed = {
  readonly evaluations: LoadResult;
  readonly batches: LoadResult;
  readonly quiet: Beside;
  readonly loaded: Beside;
};

function sayMixed({ evaluations, batches, quiet, loaded }: Mixed): void {
  const ms = (samples: readonly number[], share: number) => quantile(samples, share).toFixed(0);
  const waits = ({ done, noise }: Beside) =>
    `${ms(done, 0.99)} ms (p99; median ${ms(done, 0.5)}), a bare node:http meanwhile within ` +
    `${ms(noise.samples, 0.99)} (median ${ms(noise.samples, 0.5)})`;
  console.log(
    `asked for 20,000 evaluations and 5,000 logs a second, served ${served(evaluations)} and ` +
      `${(batches.perSecond * LOGS_A_BATCH).toFixed(0)} ${Object.keys(batches.statuses).join()}: ` +
      `Slack was answered within ${waits(loaded)} (goal: 60 ms); ` +
      `without load within ${waits(quiet)}`,
  );
}

const textOf = (at: number) =>
  at % 2 === 0
    ? '/rollout status support-agent'
    : `/rollout flag set shiny ${at % 4 === 1 ? 'on' : 'off'}`;

const served = ({ perSecond, statuses, p99Ms }: LoadResult) =>
  `${perSecond.toFixed(0)} ${Object.keys(statuses).join()} with p99 ${p99Ms.toFixed(1)} ms`;
