/** From the start of the process until it says that it is ready. */
import { type Figure, sayTimes, type Timed } from '#test/bench/figure.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';

const RUNS = 5;

export async function measureStarting(say: (figure: Figure) => void): Promise<void> {
  await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const start = async (env: Readonly<Record<string, string>> = {}) => {
      const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml', env });
      await bot.stop();
      return { tookMs: bot.readyMs, cpuMs: bot.readyCpuMs };
    };
    const uncached: Timed[] = [];
    const again: Timed[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      uncached.push(await start({ NODE_DISABLE_COMPILE_CACHE: '1' }));
      again.push(await start());
    }
    const below = 2_000;
    sayTimes(say, { name: 'start to ready, nothing compiled yet', below }, uncached);
    sayTimes(say, { name: 'start to ready, again', below }, again);
    slack.stop();
  });
}
