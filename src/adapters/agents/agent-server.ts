import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { agentRoutes } from '#adapters/agents/agent-routes.ts';
import {
  createGate,
  GATE_LIMITS,
  type Gate,
  type GateLimits,
  type TurnedAway,
} from '#adapters/agents/gate.ts';
import { createFinder, type Door, type Found, type Route } from '#adapters/agents/routes.ts';
import { createStreams, type Streams } from '#adapters/agents/streams.ts';
import { createUsage, type Usage } from '#adapters/agents/usage.ts';
import { type Answer, empty, json, refused, send } from '#adapters/http/answer.ts';
import { type BodyProblem, readBody } from '#adapters/http/body.ts';
import { listen } from '#adapters/http/listen.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import type { Result } from '#domain/result.ts';

export type AgentServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly limits?: GateLimits;
};

export type AgentServer = {
  readonly port: number;
  readonly streams: Pick<Streams, 'count' | 'told'>;
  readonly usage: Pick<Usage, 'audience' | 'keysAsked'>;
  readonly close: () => Promise<void>;
};

const BODY_BYTES_MAX = 256 * 1024;

/** The port agents, pipelines and operators talk to. */
export async function startAgentServer(
  deps: AgentDeps,
  { host, port, limits = GATE_LIMITS }: AgentServerOptions,
): Promise<AgentServer> {
  const { snapshots, tokens, clock, monotonicMs, telemetry } = deps;
  const life = clock().toString(36);
  const { defaultEnvironment } = snapshots.current();
  const gate = createGate({ tokens, defaultEnvironment, monotonicMs, limits });
  const streams = createStreams({ snapshots, life, telemetry, clock, monotonicMs });
  const usage = createUsage(clock);
  const find = createFinder(agentRoutes({ ...deps, life, gate, streams, usage }));

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '/' } = request;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const found = find(request.method ?? '', path);
    const name = found.is === 'route' ? found.route.path : '(none)';
    if (request.headers.origin !== undefined) allowOrigin(response, found);
    let answer: Answer | undefined;
    try {
      answer = await answerRequest({ gate, request, response, query, found });
    } catch (error) {
      deps.log.error({ err: error, route: name }, 'a request on the agents’ port failed');
      answer = apology(found, outageWords(error));
    }
    telemetry.requests.add(name, String(answer?.status ?? response.statusCode));
    // A problem may repeat what it is about; whoever is answered well is not kept waiting.
    if (answer) send(response, answer.status < 400 ? answer : deps.scrub(answer));
  };

  const listening = await listen({ host, port, handle });
  return {
    port: listening.port,
    streams,
    usage,
    close: async () => {
      streams.close();
      await listening.close();
    },
  };
}

type Asked = {
  readonly gate: Gate;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
  readonly found: Found;
};

/** Undefined when the response was taken over by a stream. */
async function answerRequest(asked: Asked): Promise<Answer | undefined> {
  const { gate, request, response, query, found } = asked;
  if (found.is === 'nothing') return refused(404, 'not_found', 'There is nothing at this address.');
  if (request.method === 'OPTIONS') return PREFLIGHT;
  if (found.is === 'other_method') {
    const { allow } = found;
    return json(405, { error: 'method_not_allowed', message: `Use ${allow}.` }, { allow });
  }
  const { route } = found;
  const entered = 'scope' in route ? gate(request, route.scope) : undefined;
  if (entered && !entered.ok) return turnAway(route.door, entered.refusal);

  const rest = decoded(found.rest);
  if (rest === undefined) return unreadable(route, found.rest, 'The address is badly encoded.');
  const body = await bodyOf(route, request);
  if (!body.ok) return answerBody(route, rest, body.refusal);
  const exchange = { request, response, rest, query, body: body.value };
  if (!('scope' in route)) return route.answer(exchange);
  if (!entered) return undefined;
  return route.answer(exchange, entered.value);
}

const NO_BODY: Result<Buffer, BodyProblem> = { ok: true, value: Buffer.alloc(0) };
const bodyOf = (route: Route, request: IncomingMessage) =>
  route.method === 'POST' ? readBody(request, route.bodyBytesMax ?? BODY_BYTES_MAX) : NO_BODY;

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function turnAway(door: Door, { status, message, retryAfterSeconds }: TurnedAway): Answer {
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
  if (door === 'ofrep' || door === 'unleash') return empty(status, headers);
  const codes = { 401: 'unauthorized', 403: 'forbidden', 429: 'too_many_requests' } as const;
  return json(status, { error: codes[status], message }, headers);
}

/** OFREP knows no status for a body that is too large: whatever cannot be read is a parse error. */
function answerBody(route: Route, key: string, { code, message }: BodyProblem): Answer {
  if (route.door === 'ofrep') return unreadable(route, key, message);
  const status = code === 'too_large' ? 413 : code === 'unknown_encoding' ? 415 : 400;
  return refused(status, code, message);
}

function unreadable(route: Route, key: string, errorDetails: string): Answer {
  if (route.door !== 'ofrep') return refused(400, 'bad_address', errorDetails);
  const problem = { errorCode: 'PARSE_ERROR', errorDetails };
  return json(400, route.open ? { key, ...problem } : problem);
}

function apology(found: Found, words = 'Something failed here; the log says what.'): Answer {
  const isOfrep = found.is === 'route' && found.route.door === 'ofrep';
  if (isOfrep) return json(500, { errorDetails: words });
  return json(503, { error: 'unavailable', message: words }, { 'retry-after': '5' });
}

/** Browsers ask first what they may send. */
const PREFLIGHT: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, if-none-match, x-api-key, last-event-id, cache-control',
    'access-control-max-age': '86400',
  },
};

/** A token travels in a header that pages must set themselves, so any origin may evaluate. */
function allowOrigin(response: ServerResponse, found: Found): void {
  const door = found.is === 'route' ? found.route.door : found.is === 'other_method' && found.door;
  if (door !== 'ofrep') return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'etag, retry-after');
}
