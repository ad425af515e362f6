/** How long Slack waits for the answer to a command and to a click, twenty a second of each. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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
    const ack = { unit: 'ms', compare: 'p99', below: 50 } as const;
    say({ ...ack, name: 'ack of a command, 20 a second', samples: await commands(TIMES) });
    say({ ...ack, name: 'ack of a button, 20 a second', samples: await clicks(TIMES) });
    const names = Array.from({ length: KILLS }, (_, at) => `switch-${at}`);
    const kills = await drive({ do: 'kills', names, agentPort: bot.agentPort });
    const name = 'kill switch, from ack to evaluation';
    say({ name, unit: 'ms', compare: 'p99', below: 20, samples: kills });
    say(await bareServer(drive));
    await bot.stop();
    slack.stop();
  });
}

/** What the machine itself needs for a request and its answer at the same pace. */
async function bareServer(drive: (what: Drive) => Promise<readonly number[]>): Promise<Figure> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const samples = await drive({ do: 'ask', url, times: TIMES, perSecond: PER_SECOND });
  server.closeAllConnections();
  server.close();
  return { name: 'noise: answer of a bare node:http', unit: 'ms', compare: 'p99', samples };
}

function samplesOf({ samples, problem }: Driven): readonly number[] {
  if (problem !== undefined) throw new Error(problem);
  return samples;
}

const repeated = (texts: readonly string[], times: number) =>
  Array.from({ length: times }, (_, at) => texts[at % texts.length] ?? '');
