/**
 * Whatever comes to the ports of the started bot is answered, soon, and as the sender's mistake: no
 * status of 500 or above, no silence, and the bot is still there at the end.
 */
import fc from 'fast-check';
import { SECRETS } from '#test/bench/secrets.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';
import { AGENT_SECRET, anyBody, anyHead, bytesOf } from '#test/support/agents-fuzz.ts';
import { anyDelivery, COMMAND, FORM, signedHeaders } from '#test/support/slack-fuzz.ts';
import { type Exchanged, openWire, type Request } from '#test/torture/raw-wire.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const REQUESTS = 1_000_000;
const WIRES = 32;
/** One body takes longer to draw than all the rest, so it goes to a few places. */
const PLACES = 4;
/** Drawn at once: enough that they differ, and soon done, since nothing is sent meanwhile. */
const VOLLEYS = 20;

const AUTHORIZATION = `Authorization: Bearer ${AGENT_SECRET}`;

type Port = 'slack' | 'agents';
type Ports = Readonly<Record<Port, number>>;
type Shot = Request & { readonly to: Port };

export async function run(trial: Trial): Promise<Row> {
  const requests = scaled(REQUESTS, trial);
  return await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const env = {
      LOG_LEVEL: 'silent',
      AGENT_TOKENS: `production:evaluate+ingest+propose+kill+metrics:${AGENT_SECRET}`,
    };
    const { apiUrl } = slack;
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml', env });
    const ports = { slack: port, agents: bot.agentPort };
    try {
      const startedMs = performance.now();
      const tally = await shootAll(trial, ports, requests);
      const { failed, silent, closed, sent } = tally;
      const perSecond = Math.round((sent / (performance.now() - startedMs)) * 1_000);
      const isThere = await answersRightly(ports);
      const figure = `${sent} requests, ${perSecond} a second: ${failed.length} answered with 5xx, ${silent.length} not answered, ${closed} turned away by closing; the bot ${isThere ? 'answers' : 'is gone'}`;
      const examples = [...failed, ...silent].slice(0, 3).map((bytes) => JSON.stringify(bytes));
      const ok = isThere && examples.length === 0;
      const untried = untriedOf(sent, requests, 'requests');
      return { name: 'fuzz', figure: [figure, ...examples].join('\n  '), ok, ...untried };
    } finally {
      await bot.stop();
      slack.stop();
    }
  });
}

type Tally = { readonly failed: string[]; readonly silent: string[]; closed: number; sent: number };

async function shootAll({ seed, isOver }: Trial, ports: Ports, requests: number): Promise<Tally> {
  const tally: Tally = { failed: [], silent: [], closed: 0, sent: 0 };
  const note = ({ bytes }: Shot, { is, status }: Exchanged) => {
    const shown = bytes.toString('latin1').slice(0, 400);
    if (is === 'silence') tally.silent.push(shown);
    else if (is === 'closed') tally.closed += 1;
    else if (status >= 500) tally.failed.push(shown);
  };
  const shots = drawShots(seed, requests);
  const wires = Array.from({ length: WIRES }, async () => {
    const wire = { slack: openWire(ports.slack), agents: openWire(ports.agents) };
    for (const shot of shots) {
      note(shot, await wire[shot.to].exchange(shot));
      tally.sent += 1;
      if (isOver?.()) break;
    }
    for (const one of Object.values(wire)) one.close();
  });
  await Promise.all(wires);
  return tally;
}

/** All wires take from the same row of shots, each its next one. */
function* drawShots(seed: number, requests: number): Generator<Shot, void> {
  for (let drawn = 0; drawn < requests; ) {
    const drawnNow = fc.sample(anyVolley, { seed: seed + drawn, numRuns: VOLLEYS }).flat();
    yield* drawnNow.slice(0, requests - drawn);
    drawn += drawnNow.length;
  }
}

const toPlaces = { minLength: PLACES, maxLength: PLACES };
const agentsShots = fc
  .record({
    body: anyBody,
    heads: fc.array(fc.record({ head: anyHead, token: fc.boolean() }), toPlaces),
  })
  .map(({ body, heads }) =>
    heads.map(({ head, token }): Shot => {
      const headers = token ? [AUTHORIZATION, ...head.headers] : head.headers;
      const bytes = bytesOf({ ...head, headers, body }, 'keep-alive');
      return { to: 'agents', bytes, isLast: head.length !== 'right' };
    }),
  );

const rightPlace = { method: 'POST', path: '/slack/events' };
/** What stands there is signed, by Slack or by somebody else. */
const slackShot = fc
  .record({
    delivery: anyDelivery,
    signer: fc.constantFrom(...Array(8).fill(SECRETS.signingSecret), 'somebody-else', ''),
    where: fc.constantFrom(
      ...Array(8).fill(rightPlace),
      { method: 'GET', path: '/slack/events' },
      { method: 'POST', path: '//slack/events?%' },
    ),
    // Another body each time, since the same one again would only be acknowledged.
    nonce: fc.nat(),
  })
  .map(({ delivery: { type, body: fields }, signer, where, nonce }): Shot => {
    const body = type === FORM ? `${fields}&nonce=${nonce}` : fields;
    const headers = signer ? signedHeaders(type, body, signer) : { 'content-type': type };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const request = { ...where, headers: lines, body, length: 'right' } as const;
    return { to: 'slack', bytes: bytesOf(request, 'keep-alive'), isLast: false };
  });

/** A fifth goes to Slack's port, where each may be a decision. */
const anyVolley = fc.tuple(agentsShots, slackShot).map((shots) => shots.flat());

/** What is right is answered rightly, on both ports. */
async function answersRightly({ slack, agents }: Ports): Promise<boolean> {
  const body = new URLSearchParams({ ...(COMMAND as Record<string, string>), user_id: 'U0BO' });
  const headers = signedHeaders(FORM, body.toString(), SECRETS.signingSecret);
  const asked = [
    fetch(`http://127.0.0.1:${slack}/slack/events`, { method: 'POST', headers, body: `${body}` }),
    fetch(`http://127.0.0.1:${agents}/healthz/ready`),
  ];
  const answers = await Promise.allSettled(asked);
  return answers.every((one) => one.status === 'fulfilled' && one.value.status === 200);
}
