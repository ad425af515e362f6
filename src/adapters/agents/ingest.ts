import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { readAgentLogs, type UnreadableBatch } from '#adapters/agents/read-agent-logs.ts';
import { type Answer, json, refused } from '#adapters/http/answer.ts';
import { namedIn } from '#domain/roll-up.ts';
import type { Ingested, UnknownName } from '#operations/ingest-agent-logs.ts';

export const BATCH_BYTES_MAX = 5 * 1024 * 1024;
/** What waits while the main thread is stuck must not take the memory that agents are answered from. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;
/** What is known of a batch, and whoever waits for its answer, weigh more than the least of bodies. */
const BATCH_BYTES_MIN = 16 * 1024;
/** Summed within a millisecond. */
const BYTES_A_TURN = 1024 * 1024;
const RETRY_AFTER = { 'retry-after': '5' };
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
/** Names that callers choose end up in labels and answers, so only so many are named. */
const UNKNOWN_NAMES_MAX = 50;
const OTHER = '(other)';

export type IngestDeps = Pick<AgentDeps, 'ingest' | 'telemetry' | 'clock'>;
export type BatchRequest = {
  readonly caller: Caller;
  readonly body: Buffer;
  readonly idempotencyKey: string | undefined;
};

/** `POST /v1/agent-logs`: taken whole or not at all. */
export function createIngest(deps: IngestDeps) {
  const named = new Set<string>();

  const countUnknown = (unknown: readonly UnknownName[]) => {
    for (const { service, version, items } of unknown) {
      const name = `${service}@${version}`;
      if (named.size < UNKNOWN_NAMES_MAX) named.add(name);
      const labels = named.has(name) ? [service, version] : [OTHER, OTHER];
      deps.telemetry.unknownLogs.addTimes(items, ...labels);
    }
  };

  const take = async ({ caller, body, idempotencyKey }: BatchRequest): Promise<Answer> => {
    if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
      return refused(400, 'bad_idempotency_key', 'Idempotency-Key is 1 to 200 visible characters.');
    }
    const at = deps.clock();
    const read = await readAgentLogs(body, caller, at);
    if (!read.ok) {
      deps.telemetry.badBatches.add(read.refusal.code);
      return answerUnreadable(read.refusal);
    }
    const { parts, items } = read.value;
    // One client's keys say nothing about another's.
    const key = idempotencyKey && `${caller.actor.id} ${idempotencyKey}`;
    const digest = await digestOf(body);
    const ingested = await deps.ingest({
      parts,
      named: namedIn(parts.flatMap(({ rollUps }) => rollUps)),
      at,
      digest,
      ...(key ? { idempotencyKey: key } : {}),
    });
    if (ingested.outcome === 'key_reused') {
      deps.telemetry.badBatches.add('key_reused');
      return refused(409, 'key_reused', 'This Idempotency-Key was used with another body.');
    }
    if (ingested.outcome === 'recorded') {
      deps.telemetry.logs.addTimes(items);
      countUnknown(ingested.unknown);
    }
    return json(202, taken(items, ingested));
  };

  let waitingBytes = 0;
  return async (request: BatchRequest): Promise<Answer> => {
    const bytes = Math.max(BATCH_BYTES_MIN, request.body.length);
    if (waitingBytes + bytes > WAITING_BYTES_MAX) {
      deps.telemetry.badBatches.add('too_many_wait');
      return json(503, TOO_MANY_WAIT, RETRY_AFTER);
    }
    waitingBytes += bytes;
    return await take(request).finally(() => {
      waitingBytes -= bytes;
    });
  };
}

async function digestOf(body: Buffer): Promise<string> {
  const sum = createHash('sha256');
  for (let at = 0; at < body.length; at += BYTES_A_TURN) {
    if (at > 0) await nextTurn();
    sum.update(body.subarray(at, at + BYTES_A_TURN));
  }
  return sum.digest('hex');
}

const TOO_MANY_WAIT = {
  error: 'too_many_wait',
  message: 'Batches wait to be stored, and no more can: send it again later.',
};

function answerUnreadable(problem: UnreadableBatch): Answer {
  if (problem.code !== 'malformed_item') return refused(400, problem.code, problem.message);
  const { index, field, problem: what } = problem;
  return refused(400, 'malformed_item', `Item ${index}: ${field}: ${what}`, { index, field });
}

function taken(items: number, { outcome, unknown }: Ingested) {
  const shown = unknown.slice(0, UNKNOWN_NAMES_MAX);
  const services = shown.filter((one) => !one.isServiceKnown).map(({ service }) => service);
  const versions = shown.filter((one) => one.isServiceKnown);
  return {
    taken: items,
    ...(outcome === 'repeated' ? { repeated: true } : {}),
    unknown: {
      services: [...new Set(services)],
      versions: versions.map(({ service, version }) => `${service}@${version}`),
    },
    hints: versions.flatMap(({ service, version, meant }) =>
      meant ? [`${service} is known with ${meant}, and not with ${version}: the same one?`] : [],
    ),
  };
}
