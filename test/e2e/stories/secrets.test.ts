/** Secrets in every variable, in the file, and in what people type: none is ever said again. */
import { expect, test } from 'vitest';
import { agentsDoor } from '#test/support/agents-door.ts';
import { aService, signalBoxFor } from '#test/support/signal-box.ts';
import { SECRETS } from '#test/support/stand-in.ts';
import { until } from '#test/support/until.ts';

/** Nobody listens there, so that whatever holds one of these fails, which is when things are told. */
const NOWHERE = '127.0.0.1:9';
const AGENT = 'canary/of+agents"x';
const CANARIES = {
  ...SECRETS,
  agent: AGENT,
  spare: 'a-signing-secret-to-come',
  webhook: '/canary-of-the-webhook',
  password: 'canary-of-prometheus',
  pattern: 'xoxp-of-some-other-workspace',
};
const { signingSecret, spare } = CANARIES;
const prometheus = {
  source: 'prometheus',
  url: `http://signalman:${CANARIES.password}@${NOWHERE}`,
  queries: { requests: 'requests{version="$version"}', errors: 'errors{version="$version"}' },
};

/** Everything that the candidate does fails. */
const LOGS = Array.from({ length: 200 }, (_, at) => ({
  service: 'support-agent',
  version: at % 2 ? '2.4.0' : '2.3.3',
  success: at % 2 === 0,
  latency_ms: 100,
}));

const spellings = Object.values(CANARIES).flatMap((canary) => [
  canary,
  JSON.stringify(canary).slice(1, -1),
  encodeURIComponent(canary),
  Buffer.from(canary).toString('base64'),
]);
const PATIENT = { withinMs: 20_000 };
const foundIn = (text: string) => spellings.filter((spelling) => text.includes(spelling));

test('no secret is repeated, whoever lets it slip and whatever fails', async (story) => {
  const box = await signalBoxFor(story, {
    env: {
      LOG_LEVEL: 'trace',
      SLACK_SIGNING_SECRET: `${signingSecret}, ${spare}`,
      AGENT_TOKENS: `production:evaluate+ingest+propose+kill+metrics:${AGENT}`,
    },
    settings: { alerts: { webhook: `http://${NOWHERE}${CANARIES.webhook}`, unseen_after: '1s' } },
    services: {
      'support-agent': aService(),
      'night-agent': aService({ metrics: prometheus, dwell: '1m' }),
    },
  });
  const { ana, bo, chidi, ops, slack, agentsUrl } = box;
  await box.start();
  const agents = agentsDoor(agentsUrl, AGENT);
  const heard: unknown[] = [];
  const slip = Object.values(CANARIES).join(' ');

  for (const service of ['support-agent', 'night-agent']) {
    heard.push(await ana.types(`/rollout start ${service} 2.4.0 as ${slip} says`));
    await bo.presses('Approve', await ops.message(new RegExp(`${service}: 2`), PATIENT));
  }
  const misread = await ana.types(`/rollout ${slip}`);
  expect(misread.text).toMatch(/I do not know “\[secret\]/);
  heard.push(
    misread,
    await ana.types(`/rollout status ${CANARIES.pattern}`),
    await ana.types(`/rollout flag allow new-search ${slip}`),
    await chidi.types(`/rollout pause night-agent ${slip}`),
    await chidi.types(`/killswitch on writes ${slip}`),
    await agents.kill('mails', { active: true, reason: slip }),
    await agents.kill(encodeURIComponent(AGENT), { active: true, reason: slip }),
    await agents.kill('mails', { active: false, reason: slip }),
    await agents.propose({ service: 'support-agent', version: AGENT, note: slip }),
    await box.signalman('kill', 'on', 'refunds', slip),
  );
  slack.setFaults([{ method: 'chat.postMessage', fault: 'status', status: 503 }]);
  heard.push(await chidi.types(`/rollout rollback night-agent ${slip}`));
  const isPaged = async () => {
    await agents.report(LOGS);
    return /pages_total\{outcome="failed"\} [1-9]/.test(await agents.metrics());
  };
  await until(isPaged, { what: 'the webhook to fail', everyMs: 500, withinMs: 30_000 });
  slack.setFaults([]);
  await ops.message(/Rolling back|Rolled back/, PATIENT);
  await ana.opensHome();
  heard.push(await ana.home(PATIENT), await ana.types('/rollout why night-agent'));
  heard.push(await agents.metrics());
  const { messages, modals, homes } = slack.workspace;
  const { calls, deliveries } = slack.traffic;
  const acks = deliveries.map(({ answer }) => answer);
  const shown = [messages, modals, homes].flatMap((of) => [...of.values()]);

  expect(foundIn(JSON.stringify(heard)), 'answers').toEqual([]);
  expect(foundIn(JSON.stringify([shown, calls, acks])), 'Slack').toEqual([]);
  expect(foundIn(box.log()), 'the log').toEqual([]);
  const exported = await box.signalman('audit', 'export');
  expect(foundIn(exported.out), 'the register').toEqual([]);
  // What stands there is the rest of the reason, so it was not left out whole.
  expect(exported.out).toContain('as [secret]');
}, 60_000);
