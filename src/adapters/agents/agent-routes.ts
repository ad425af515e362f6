import type { IncomingMessage } from 'node:http';
import type { AgentDeps, Scrape } from '#adapters/agents/agent-deps.ts';
import { createTokenCheck, takeBulkMetrics } from '#adapters/agents/edge.ts';
import type { Caller, Gate } from '#adapters/agents/gate.ts';
import { BATCH_BYTES_MAX, createIngest } from '#adapters/agents/ingest.ts';
import { killOverHttp } from '#adapters/agents/kill-over-http.ts';
import { createBulk, evaluateOne, type OfrepDeps, STREAM_PATH } from '#adapters/agents/ofrep.ts';
import type { PipelineCall } from '#adapters/agents/pipeline.ts';
import type { Exchange, Route } from '#adapters/agents/routes.ts';
import { findTicketHolder } from '#adapters/agents/stream-ticket.ts';
import { STREAM_HEADERS, type Streams } from '#adapters/agents/streams.ts';
import { createFeatures, register, takeMetrics } from '#adapters/agents/unleash.ts';
import { clientOf } from '#adapters/agents/usage.ts';
import { type Answer, empty, json } from '#adapters/http/answer.ts';

export type RoutesDeps = AgentDeps & OfrepDeps & { readonly streams: Streams; readonly gate: Gate };

const SCRAPE_KEPT_MS = 1_000;

/** Everything there is on the agents' port. */
export const agentRoutes = (deps: RoutesDeps): readonly Route[] => [
  ...ofrepRoutes(deps),
  ...unleashRoutes(deps),
  ...v1Routes(deps),
  ...operatorRoutes(deps),
];

function ofrepRoutes(deps: RoutesDeps): readonly Route[] {
  const evaluateAll = createBulk(deps);
  return [
    {
      method: 'POST',
      path: '/ofrep/v1/evaluate/flags/',
      open: true,
      door: 'ofrep',
      scope: 'evaluate',
      answer: ({ rest, body, request }, caller) => {
        deps.usage.seen(caller.environment, clientOf(request));
        return evaluateOne(deps, caller, rest, body.toString());
      },
    },
    {
      method: 'POST',
      path: '/ofrep/v1/evaluate/flags',
      door: 'ofrep',
      scope: 'evaluate',
      answer: ({ body, request }, caller) => {
        deps.usage.seen(caller.environment, clientOf(request));
        const ifNoneMatch = request.headers['if-none-match'];
        return evaluateAll({ caller, text: body.toString(), ifNoneMatch });
      },
    },
    {
      method: 'GET',
      path: STREAM_PATH,
      door: 'ofrep',
      answer: (exchange: Exchange) => openStream(deps, exchange),
    },
  ];
}

function unleashRoutes(deps: RoutesDeps): readonly Route[] {
  const features = createFeatures(deps);
  const checkTokens = createTokenCheck(deps);
  return [
    {
      method: 'GET',
      path: '/api/client/features',
      door: 'unleash',
      scope: 'evaluate',
      answer: ({ request }, caller) => {
        deps.usage.seen(caller.environment, clientOf(request), intervalOf(request));
        return features(caller, request.headers['if-none-match']);
      },
    },
    {
      method: 'POST',
      path: '/api/client/register',
      door: 'unleash',
      scope: 'evaluate',
      answer: ({ body }, caller) => register(deps, caller, body.toString()),
    },
    {
      method: 'POST',
      path: '/api/client/metrics',
      door: 'unleash',
      scope: 'evaluate',
      answer: ({ body }, caller) => takeMetrics(deps, caller, body.toString()),
    },
    {
      method: 'POST',
      path: '/api/client/metrics/bulk',
      door: 'unleash',
      scope: 'evaluate',
      answer: ({ body }, caller) => takeBulkMetrics(deps, caller, body.toString()),
    },
    {
      method: 'POST',
      path: '/edge/validate',
      door: 'unleash',
      answer: ({ request, body }: Exchange) => checkTokens(request, body.toString()),
    },
  ];
}

/** SDKs say how often they refresh, so nobody has to wait for a second request to know. */
function intervalOf({ headers }: IncomingMessage): number | undefined {
  const ms = Number(headers['unleash-interval']);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function v1Routes(deps: RoutesDeps): readonly Route[] {
  const ingest = createIngest(deps);
  return [
    {
      method: 'POST',
      path: '/v1/agent-logs',
      door: 'v1',
      scope: 'ingest',
      bodyBytesMax: BATCH_BYTES_MAX,
      answer: ({ body, request }, caller) =>
        ingest({ caller, body, idempotencyKey: idempotencyKeyOf(request) }),
    },
    {
      method: 'POST',
      path: '/v1/versions',
      door: 'v1',
      scope: 'propose',
      answer: (exchange, caller) => deps.pipeline.registerVersion(callOf(exchange, caller)),
    },
    {
      method: 'POST',
      path: '/v1/releases',
      door: 'v1',
      scope: 'propose',
      answer: (exchange, caller) => deps.pipeline.proposeRelease(callOf(exchange, caller)),
    },
    {
      method: 'POST',
      path: '/v1/killswitches/',
      open: true,
      door: 'v1',
      scope: 'kill',
      answer: ({ rest, body }, caller) =>
        killOverHttp(deps, { caller, name: rest, text: body.toString() }),
    },
  ];
}

function operatorRoutes(deps: RoutesDeps): readonly Route[] {
  const scrape = createScrape(deps);
  return [
    {
      method: 'GET',
      path: '/healthz/live',
      door: 'operators',
      answer: () => healthy('live', deps.health().dead),
    },
    {
      method: 'GET',
      path: '/healthz/ready',
      door: 'operators',
      answer: () => healthy('ready', deps.health().unready),
    },
    { method: 'GET', path: '/metrics', door: 'operators', scope: 'metrics', answer: scrape },
  ];
}

const callOf = ({ body, request }: Exchange, caller: Caller): PipelineCall => ({
  caller,
  text: body.toString(),
  idempotencyKey: idempotencyKeyOf(request),
});

function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : undefined;
}

/** EventSource cannot send headers: it brings a ticket. Whoever can send headers needs none. */
function openStream(deps: RoutesDeps, exchange: Exchange): Answer | undefined {
  const { request, response, query } = exchange;
  const ticket = new URLSearchParams(query).get('ticket');
  const holder = ticket ? findTicketHolder(deps.tokens, ticket, deps.clock()) : undefined;
  if (ticket && !holder) return empty(401);
  const entered = holder ? undefined : deps.gate(request, 'evaluate');
  if (entered && !entered.ok) return empty(entered.refusal.status);
  const environment =
    entered?.value.environment ??
    holder?.environment ??
    deps.snapshots.current().defaultEnvironment;
  if (request.method === 'HEAD') return empty(200, STREAM_HEADERS);
  const lastEventId = request.headers['last-event-id'];
  deps.usage.listed(environment);
  deps.streams.open(
    environment,
    response,
    typeof lastEventId === 'string' ? lastEventId : undefined,
  );
  return undefined;
}

const healthy = (state: 'live' | 'ready', problems: readonly string[]): Answer =>
  problems.length === 0
    ? json(200, { status: state })
    : json(503, { status: `not_${state}`, problems });

/** Whoever scrapes too often gets the last scrape again: collecting costs more than answering. */
function createScrape({ scrape, scrub, telemetry, monotonicMs }: AgentDeps): () => Promise<Answer> {
  let kept: { readonly atMs: number; readonly scraped: Promise<Scrape> } | undefined;
  return async () => {
    const nowMs = monotonicMs();
    if (!kept || nowMs - kept.atMs > SCRAPE_KEPT_MS) {
      kept = { atMs: nowMs, scraped: scrape(telemetry.counted()) };
    }
    const { contentType, page } = await kept.scraped;
    return { status: 200, headers: { 'content-type': contentType }, body: scrub(page) };
  };
}
