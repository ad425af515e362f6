/** Secrets in every variable, in the file, and in what people type; and where they are seen again. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentsDoor } from '#test/support/agents-door.ts';
import { aService, type SignalBox, type Wanted } from '#test/support/signal-box.ts';
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
  collector: 'canary-of-the-collector',
  pattern: 'xoxp-of-some-other-workspace',
};
const { signingSecret, spare } = CANARIES;
/** Those of nobody's settings are known by how they begin, and in base64 nothing begins so. */
const { pattern: _ofAnother, appToken: _ofNobody, ...KNOWN } = CANARIES;
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

const SPELLINGS: readonly ((canary: string) => string)[] = [
  (canary) => canary,
  (canary) => JSON.stringify(canary).slice(1, -1),
  encodeURIComponent,
  (canary) => Buffer.from(canary).toString('base64'),
];
const spellings = SPELLINGS.flatMap((spell) => Object.values(CANARIES).map(spell));
const PATIENT = { withinMs: 20_000 };

/** What is set where all of them can slip. */
export const WITH_SECRETS: Wanted = {
  env: {
    LOG_LEVEL: 'trace',
    SLACK_SIGNING_SECRET: `${signingSecret}, ${spare}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${NOWHERE}`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${CANARIES.collector}`,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_TRACES_EXPORTER: 'otlp',
    AGENT_TOKENS: `production:evaluate+ingest+propose+kill+metrics:${AGENT}`,
  },
  settings: { alerts: { webhook: `http://${NOWHERE}${CANARIES.webhook}`, unseen_after: '1s' } },
  services: {
    'support-agent': aService(),
    'night-agent': aService({ metrics: prometheus, dwell: '1m' }),
  },
};

/** How often something was seen again, by where; and the register, to see what stands in its place. */
export type Slipped = {
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly register: string;
};

/** Everybody lets everything slip, and much fails, which is when things are told. */
export async function letSecretsSlip(box: SignalBox): Promise<Slipped> {
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
  if (!misread.text.includes('I do not know “[secret]')) throw new Error(misread.text);
  heard.push(
    misread,
    await ana.types(`/rollout status ${CANARIES.pattern}`),
    await ana.types(`/rollout flag allow new-search ${slip}`),
    await chidi.types(`/rollout pause night-agent ${slip}`),
    await chidi.types(`/killswitch on writes ${slip}`),
    ...(await Promise.all(
      SPELLINGS.map((spell, at) =>
        chidi.types(`/killswitch on spelt-${at} ${Object.values(KNOWN).map(spell).join(' ')}`),
      ),
    )),
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

  const { out: register } = await box.signalman('audit', 'export');
  return {
    found: {
      answers: foundIn(JSON.stringify(heard)),
      Slack: foundIn(JSON.stringify([shown, calls, acks])),
      'the log': foundIn(box.log()),
      'the register': foundIn(register),
      'the files': foundInFiles(box.files.database),
    },
    register,
  };
}

const foundIn = (text: string) => spellings.filter((spelling) => text.includes(spelling));

/** The plan of a release is used as it is, so a password in the address of its metrics stands there. */
function foundInFiles(database: string): readonly string[] {
  const folder = dirname(database);
  return readdirSync(folder, { withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== 'signalman.yml')
    .flatMap(({ name }) => foundIn(readFileSync(join(folder, name), 'latin1')))
    .filter((spelling) => !spelling.includes(CANARIES.password));
}
