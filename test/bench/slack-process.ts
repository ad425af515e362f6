/** A stand-in for Slack in a process of its own, with enough people that nobody is held back. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActAnswer } from '#sandbox/protocol.ts';
import { elementsIn } from '#sandbox/slack/acts/find-element.ts';
import { typeCommand } from '#sandbox/slack/acts/type-command.ts';
import { click } from '#sandbox/slack/acts/use-element.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { crowded } from '#test/bench/crowd.ts';
import { SECRETS } from '#test/bench/secrets.ts';

/** What a figure wants people to do. */
export type Drive =
  | { readonly do: 'commands'; readonly texts: readonly string[]; readonly perSecond: number }
  | {
      readonly do: 'clicks';
      readonly labels: readonly string[];
      readonly times: number;
      readonly perSecond: number;
    }
  | { readonly do: 'kills'; readonly names: readonly string[]; readonly agentPort: number }
  | { readonly do: 'approve_first_step' }
  | {
      readonly do: 'ask';
      readonly url: string;
      readonly times: number;
      readonly perSecond: number;
    };

/** How long each took, in ms. */
export type Driven = {
  readonly samples: readonly number[];
  /** When the last of them did, as every process on this machine counts time. */
  readonly endedAt: number;
  readonly problem?: string;
};

const CHANNEL = 'C0AGENTOPS';
const PEOPLE = Array.from({ length: 40 }, (_, at) => `U0BENCH${at}`);
const EVALUATED_MS_MAX = 3_000;

const [botPort] = process.argv.slice(2);
const slack = await startStandIn({
  port: 0,
  workspace: createWorkspace(crowded(NEWCOMER_SEED, PEOPLE), {
    clock: Date.now,
    dice: Math.random,
  }),
  manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
  botUrl: `http://127.0.0.1:${botPort}/slack/events`,
  ...SECRETS,
  rateLimits: 'off',
});
let turns = 0;

process.on('message', (what: Drive) => {
  drive(what).then(
    (samples) => process.send?.({ samples, endedAt: Date.now() }),
    (error: unknown) =>
      process.send?.({ samples: [], endedAt: Date.now(), problem: String(error) }),
  );
});
// Whoever measures may fail; nothing of it stays behind.
process.once('disconnect', () => process.exit(0));
process.send?.({ apiUrl: slack.apiUrl });

async function drive(what: Drive): Promise<readonly number[]> {
  switch (what.do) {
    case 'commands':
      return await atRate(what.texts.length, what.perSecond, (at) => type(what.texts[at] ?? ''));
    case 'clicks':
      return await atRate(what.times, what.perSecond, () => press(what.labels, nextPerson()));
    case 'kills':
      return await killEach(what.names, what.agentPort);
    case 'approve_first_step':
      await slack.channel('agent-ops').message(/2\.4\.0/, { withinMs: 10_000 });
      await atRate(1, 1, () => press(['Approve'], 'U0BO'));
      return [];
    case 'ask':
      return await atRate(what.times, what.perSecond, () => ask(what.url));
  }
}

/** Each begins when it is due, whether or not the one before has ended. */
async function atRate(times: number, perSecond: number, act: (at: number) => Promise<number>) {
  const startedMs = performance.now();
  const acts: Promise<number>[] = [];
  for (let at = 0; at < times; at += 1) {
    const dueMs = startedMs + (at * 1_000) / perSecond;
    await sleep(Math.max(0, dueMs - performance.now()));
    const acting = act(at);
    // Whoever waits for all of them hears of it; until then it is nobody's surprise.
    acting.catch(() => {});
    acts.push(acting);
  }
  return await Promise.all(acts);
}

const type = async (text: string, as = nextPerson()) =>
  acknowledged(await typeCommand(slack, { as, channel: CHANNEL, text }));

/** Presses whichever of these the newest card shows at this moment. */
async function press(labels: readonly string[], as: string): Promise<number> {
  for (const message of slack.channel('agent-ops').messages().toReversed()) {
    const placed = elementsIn(
      slack.workspace.messages.get(CHANNEL)?.find(({ ts }) => ts === message.ts)?.blocks ?? [],
    );
    const found = placed.find(({ element }) =>
      labels.includes(String(Object(element['text']).text)),
    );
    if (!found) continue;
    const { blockId, element } = found;
    const place = { channel: CHANNEL, ts: message.ts };
    const clicked = { as, in: place, blockId, actionId: String(element['action_id']) };
    return acknowledged(await click(slack, clicked));
  }
  throw new Error(`No card shows ${labels.join(' or ')}.`);
}

/** Slack waits this long; who was not answered by then waited at least so long. */
const ACK_MS_MAX = 3_000;

function acknowledged(answer: ActAnswer): number {
  if (!answer.ok && answer.error === 'app_did_not_respond') return ACK_MS_MAX;
  if (answer.ok && 'ackMs' in answer && answer.ackMs !== undefined) return answer.ackMs;
  throw new Error(`Not acknowledged: ${JSON.stringify(answer)}`);
}

/** From the acknowledgement until an agent that asks all the time gets the switch as on. */
async function killEach(names: readonly string[], agentPort: number): Promise<readonly number[]> {
  const samples: number[] = [];
  for (const name of names) {
    await type(`/killswitch on ${name} benchmark`);
    const acknowledgedMs = performance.now();
    while (!(await isKilled(name, agentPort)))
      if (performance.now() - acknowledgedMs > EVALUATED_MS_MAX)
        throw new Error(`${name} was never seen as on.`);
    samples.push(performance.now() - acknowledgedMs);
    await sleep(50);
  }
  return samples;
}

async function isKilled(name: string, agentPort: number): Promise<boolean> {
  const url = `http://127.0.0.1:${agentPort}/ofrep/v1/evaluate/flags/kill.${name}`;
  const body = JSON.stringify({ context: { targetingKey: 'user-1' } });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return Object(await response.json()).value === true;
}

async function ask(url: string): Promise<number> {
  const startedMs = performance.now();
  await (await fetch(url, { method: 'POST', body: 'x'.repeat(500) })).text();
  return performance.now() - startedMs;
}

function nextPerson(): string {
  turns += 1;
  return PEOPLE[turns % PEOPLE.length] ?? '';
}
