/**
 * An agent that lets Signalman decide which of its versions serves a user, through Unleash's SDK:
 * it fetches all rules now and then and decides by itself, so asking costs no request.
 *
 *   npm install unleash-client
 *   node agent.ts
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { initialize } from 'unleash-client';

const SIGNALMAN = process.env.SIGNALMAN_URL ?? 'http://127.0.0.1:3001';
const TOKEN = process.env.SIGNALMAN_TOKEN ?? '';
const REQUESTS = Number(process.env.REQUESTS ?? Number.POSITIVE_INFINITY);
const SERVICE = 'support-agent';

/** Everything this process can run. Yours would call a model; these two answer by themselves. */
const VERSIONS: Record<string, (question: string) => Promise<string>> = {
  '2.3.3': async (question) => `I have noted: ${question}`,
  '2.4.0': async (question) => `Understood, I am on it: ${question}`,
};

/** What holds until the rules were fetched once; later the last rules hold, also from the backup. */
const DEFAULT_VERSION = '2.3.3';

const unleash = initialize({
  url: `${SIGNALMAN}/api/`,
  appName: SERVICE,
  customHeaders: { Authorization: TOKEN },
  refreshInterval: Number(process.env.REFRESH_MS ?? 5_000),
  metricsInterval: 60_000,
  ...(process.env.BACKUP_PATH ? { backupPath: process.env.BACKUP_PATH } : {}),
});
// Without a listener an outage of Signalman would end this process.
unleash.on('error', (error) => console.error('Signalman is away:', error.message));
await Promise.race([
  new Promise((resolve) => unleash.once('ready', resolve)),
  sleep(1_000, undefined, { ref: false }),
]);

/** The name of the variant says how the version was assigned: only chance is evidence. */
const ASSIGNED: Record<string, string> = { stable: 'split', candidate: 'split', tester: 'tester' };

function ask(user: string) {
  const context = { userId: user, properties: { versions: Object.keys(VERSIONS).join(',') } };
  const variant = unleash.getVariant(`${SERVICE}.version`, context);
  return {
    version: variant.payload?.value ?? DEFAULT_VERSION,
    assigned: ASSIGNED[variant.name] ?? 'pinned',
    killed: unleash.isEnabled(`kill.${SERVICE}`),
  };
}

async function serve(user: string, question: string): Promise<string> {
  const given = ask(user);
  if (given.killed) return 'This service is switched off; a person will answer.';
  const startedMs = performance.now();
  const log = { service: SERVICE, version: given.version, key: user, assigned: given.assigned };
  const run = VERSIONS[given.version];
  try {
    if (!run) throw new Error(`version ${given.version} is not in this process`);
    const answer = await run(question);
    report({ ...log, success: true, latency_ms: performance.now() - startedMs });
    return `[${given.version}] ${answer}`;
  } catch (error) {
    report({ ...log, success: false, error: String(error) });
    return 'Something went wrong; a person will answer.';
  }
}

// Logs leave in batches. A batch keeps its key when it is sent again, so it counts once.
const LOGS_MAX = 10_000;
let logs: object[] = [];
let batch: { key: string; logs: object[] } | undefined;

function report(log: object): void {
  logs.push({ ...log, timestamp: new Date().toISOString() });
  if (logs.length > LOGS_MAX) logs.shift();
}

async function flush(): Promise<void> {
  if (!batch && logs.length > 0) {
    batch = { key: randomUUID(), logs };
    logs = [];
  }
  if (!batch) return;
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    'idempotency-key': batch.key,
  };
  const body = JSON.stringify(batch.logs);
  const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(2_000) };
  const response = await fetch(`${SIGNALMAN}/v1/agent-logs`, init).catch(() => undefined);
  if (response?.status === 400) console.error('refused:', await response.text());
  // Signalman was away or busy: the same batch goes again. Refused, it would be refused again.
  const isOver = response !== undefined && response.status < 429;
  if (isOver) batch = undefined;
}

const timer = setInterval(flush, 1_000);
for (let n = 0; n < REQUESTS; n += 1) {
  const user = `user-${n % 50}`;
  console.log(`${user}: ${await serve(user, 'where is my parcel?')}`);
  await sleep(Number(process.env.PAUSE_MS ?? 200));
}
clearInterval(timer);
await flush();
// `unleash.destroy()` forgets the listener above: with a fetch under way its error would end us.
process.exit(0);
