/**
 * An agent that lets Signalman decide which of its versions serves a user, over OpenFeature.
 *
 *   npm install @openfeature/server-sdk @openfeature/ofrep-provider
 *   node agent.ts
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const SIGNALMAN = process.env.SIGNALMAN_URL ?? 'http://127.0.0.1:3001';
const HEADERS: Record<string, string> = process.env.SIGNALMAN_TOKEN
  ? { Authorization: `Bearer ${process.env.SIGNALMAN_TOKEN}` }
  : {};
const REQUESTS = Number(process.env.REQUESTS ?? Number.POSITIVE_INFINITY);
const SERVICE = 'support-agent';

/** Everything this process can run. Yours would call a model; these two answer by themselves. */
const VERSIONS: Record<string, (question: string) => Promise<string>> = {
  '2.3.3': async (question) => `I have noted: ${question}`,
  '2.4.0': async (question) => `Understood, I am on it: ${question}`,
};

/**
 * What holds while Signalman is away: the stable version last heard of, for everybody, because an
 * outage must not spread a candidate; and a switch stays as it was.
 */
let stable = '2.3.3';
let killed = false;

// The provider waits for ever by itself; an agent should not wait for its release control.
const impatient: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(500) });

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: SIGNALMAN,
    headers: Object.entries(HEADERS),
    fetchImplementation: impatient,
  }),
);
const client = OpenFeature.getClient();

/** One request gives both: the version for this user, and whether the service is killed. */
async function ask(user: string) {
  const { value, errorCode, flagMetadata } = await client.getStringDetails(
    `${SERVICE}.version`,
    stable,
    { targetingKey: user, versions: Object.keys(VERSIONS) },
  );
  if (errorCode === undefined) {
    killed = flagMetadata.killed === true;
    if (flagMetadata.arm === 'stable') stable = value;
  }
  return { version: value, killed, assigned: flagMetadata.assigned ?? 'pinned' };
}

async function serve(user: string, question: string): Promise<string> {
  const given = await ask(user);
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
    ...HEADERS,
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
