/** How long Slack waits for the answer to a command and to a click, twenty a second of each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareServer } from '#test/bench/bare-server.ts';
import type { Figure } from '#test/bench/figure.ts';
import type { Drive, Driven } from '#test/bench/slack-process.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';

const PER_SECOND = 20;
const TIMES = 10 * PER_SECOND;
/** Half read, half write. */
const TEXTS = [
  '/rollout status support-agent',
  '/rollout flag set shiny on',
  '/rollout why support-agent',
  '/rollout flag set shiny off',
];
const KILLS = 40;

type Named = Pick<Figure, 'name' | 'below'>;

export async function measureAcks(say: (figure: Figure) => void): Promise<void> {
  await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml' });
    const drive = async (what: Drive) => samplesOf(await slack.drive(what));
    const commands = (times: number, texts = TEXTS) =>
      drive({ do: 'commands', perSecond: PER_SECOND, texts: repeated(texts, times) });
    const clicks = (times: number) =>
      drive({ do: 'clicks', labels: ['Pause', 'Resume'], times, perSecond: PER_SECOND });

    await commands(1, ['/rollout start support-agent 2.4.0']);
    await drive({ do: 'approve_first_step' });
    // Everybody is known by then, and what is compiled while running is compiled.
    await commands(80);
    await sleep(3_000);
    const bare = await startBareServer();
    const sayBesideNoise = async (figure: Named, drives: () => Promise<readonly number[]>) => {
      const pace = { times: TIMES, perSecond: PER_SECOND };
      const { done: samples, noise } = await bare.beside(pace, drives);
      say({ ...figure, unit: 'ms', compare: 'p99', samples });
      say(noise);
    };
    const names = Array.from({ length: KILLS }, (_, at) => `switch-${at}`);
    const { agentPort } = bot;
    const commandAck = { name: 'ack of a command, 20 a second', below: 50 };
    await sayBesideNoise(commandAck, () => commands(TIMES));
    const clickAck = { name: 'ack of a button, 20 a second', below: 50 };
    await sayBesideNoise(clickAck, () => clicks(TIMES));
    const kill = { name: 'kill switch, from ack to evaluation', below: 20 };
    await sayBesideNoise(kill, () => drive({ do: 'kills', names, agentPort }));
    bare.stop();
    await bot.stop();
    slack.stop();
  });
}

function samplesOf({ samples, problem }: Driven): readonly number[] {
  if (problem !== undefined) throw new Error(problem);
  return samples;
}

const repeated = (texts: readonly string[], times: number) =>
  Array.from({ length: times }, (_, at) => texts[at % texts.length] ?? '');
