/** Starts everything a newcomer needs: a local Slack, agents with traffic, and the bot itself. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listenProblem } from '#adapters/http/listen-problem.ts';
import type { Config } from '#config.ts';
import { giveUp } from '#give-up.ts';
import { createBotProcess } from '#sandbox/demo/bot-process.ts';
import { demoRoutes } from '#sandbox/demo/demo-routes.ts';
import { demoToken } from '#sandbox/demo/demo-token.ts';
import { startFleet } from '#sandbox/demo/fleet.ts';
import { createSignalmanClient } from '#sandbox/demo/signalman-client.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const MANIFEST = fileURLToPath(new URL('../../manifest.yml', import.meta.url));
/** The service of signalman.yml whose agents the demo plays, and what is built into them. */
const DEMO = { service: 'support-agent', fallbackVersion: '2.3.3', users: 2_000 };

type Environment = Readonly<Record<string, string | undefined>>;

export async function startSandbox(config: Config, environment: Environment): Promise<void> {
  const signingSecret = randomBytes(16).toString('hex');
  const botToken = `xoxb-sandbox-${randomBytes(12).toString('hex')}`;
  const token = demoToken(config);
  const fleet = startFleet({
    ...DEMO,
    client: createSignalmanClient(`http://${config.host}:${config.agentPort}`, token?.secret),
    clock: Date.now,
    dice: Math.random,
    every,
  });
  const bot = createBotProcess({
    script: MAIN,
    env: () => ({
      ...environment,
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: standIn.apiUrl,
      ...(token && { AGENT_TOKENS: `${environment['AGENT_TOKENS']},${token.entry}` }),
      // People watch the page; the log only speaks up when something is wrong.
      LOG_LEVEL: environment['LOG_LEVEL'] ?? 'warn',
    }),
    onExit: (code) => process.exit(code ?? 1),
  });
  const setSlackDown = (down: boolean) =>
    standIn.setFaults(down ? [{ method: '*', fault: 'status', status: 503 }] : []);
  const standIn = await startStandIn({
    port: config.sandboxPort,
    workspace: createWorkspace(NEWCOMER_SEED, { clock: Date.now, dice: Math.random }),
    manifest: readManifest(readFileSync(MANIFEST, 'utf8')),
    botUrl: `http://${config.host}:${config.port}/slack/events`,
    signingSecret,
    botToken,
    // Cards outlive a restart of the bot, so the channels they stand in have to as well.
    keepIn: join(dirname(config.databasePath), 'sandbox-workspace.json'),
    routes: demoRoutes({ service: DEMO.service, fleet, bot, setSlackDown, every }),
  }).catch((error: unknown) => giveUp([listenProblem(error)]));
  bot.start();
  process.stdout.write(`\n  Signalman's sandbox is open:  ${standIn.url}\n  Ctrl-C stops it.\n\n`);
  const stop = async () => {
    fleet.stop();
    await bot.stop();
    await standIn.close();
    process.exit(0);
  };
  // A terminal that is closed sends SIGHUP; without an answer to it the bot would live on alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop());
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}
