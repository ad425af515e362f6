/** The Web API and the response URLs: what the app calls. */
import { showAnswer } from '#sandbox/slack/acts/show-answer.ts';
import { type Exchange, type Route, readBody, sendJson } from '#sandbox/slack/http/exchange.ts';
import { spendResponseUrl } from '#sandbox/slack/response-urls.ts';
import { recordCall, type TrafficRecord } from '#sandbox/slack/traffic.ts';
import { type ApiDeps, answerCall, type WireAnswer } from '#sandbox/slack/web-api/answer-call.ts';
import {
  type Arguments,
  jsonArg,
  readArguments,
  textArg,
} from '#sandbox/slack/web-api/arguments.ts';
import { refuse } from '#sandbox/slack/web-api/method.ts';

export type ApiRoutesDeps = ApiDeps & { readonly traffic: TrafficRecord };

export function apiRoutes(deps: ApiRoutesDeps): readonly Route[] {
  const call = (exchange: Exchange) => takeCall(deps, exchange);
  const answer = (exchange: Exchange) => takeAnswer(deps, exchange);
  return [
    { method: 'POST', path: '/api/', handle: call },
    { method: 'GET', path: '/api/', handle: call },
    { method: 'POST', path: '/commands/', handle: answer },
    { method: 'POST', path: '/actions/', handle: answer },
  ];
}

async function takeCall(deps: ApiRoutesDeps, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  const method = url.pathname.slice('/api/'.length);
  const atMs = deps.workspace.clock();
  const body = await readBody(request);
  const read = body && readArguments(request.headers['content-type'] ?? '', body);
  if (body === undefined || (body && !read)) {
    sendJson(exchange, refuse(body === undefined ? 'request_too_large' : 'invalid_json'));
    return;
  }
  const { token: tokenArg, ...args } = { ...Object.fromEntries(url.searchParams), ...(read || {}) };
  const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer ?? (typeof tokenArg === 'string' ? tokenArg : undefined);
  const answer = await answerCall(deps, { method, token, args });
  recordCall(deps.traffic, { atMs, method, args: readable(args), ...outcome(answer) });
  if ('cut' in answer) {
    response.destroy();
    return;
  }
  const { status, body: told, retryAfterSeconds } = answer;
  const headers: Record<string, string> = retryAfterSeconds
    ? { 'retry-after': String(retryAfterSeconds) }
    : {};
  sendJson(exchange, told, { status, headers });
}

function outcome(answer: WireAnswer) {
  if ('cut' in answer) return { status: 0, ok: false, error: 'connection_cut' };
  const { status, body } = answer;
  return body.ok ? { status, ok: true } : { status, ok: false, error: body.error };
}

const NESTED = ['blocks', 'view', 'metadata', 'attachments', 'message'];

/** Nested arguments travel as JSON text; the log shows what they say. */
function readable(args: Arguments): Arguments {
  const nested = NESTED.filter((name) => textArg(args, name)).map((name) => {
    const value = jsonArg(args, name);
    return [name, typeof value === 'symbol' ? args[name] : value];
  });
  return { ...args, ...Object.fromEntries(nested) };
}

/** A used-up address answers 404: that it is not 2xx is known, which status it is, is not. */
async function takeAnswer(deps: ApiRoutesDeps, exchange: Exchange): Promise<void> {
  const { workspace, traffic } = deps;
  const { request, url } = exchange;
  const atMs = workspace.clock();
  const body = await readBody(request);
  const spent = spendResponseUrl(workspace, url.pathname);
  const answer = readArguments('application/json', body ?? '');
  const refusal = spent.error
    ? refuse(spent.error)
    : showAnswer(workspace, spent.use, answer ?? undefined);
  const status = spent.error ? 404 : refusal ? 400 : 200;
  const told = refusal ?? { ok: true };
  recordCall(traffic, {
    atMs,
    method: 'response_url',
    args: answer ?? {},
    status,
    ok: !refusal,
    ...(refusal ? { error: refusal.error } : {}),
  });
  sendJson(exchange, told, { status });
}
