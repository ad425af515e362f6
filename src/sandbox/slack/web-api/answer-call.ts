/** One call of the Web API, from its token to its answer, in the order in which Slack checks. */
import type { Fault } from '#sandbox/protocol.ts';
import { findChannel } from '#sandbox/slack/channels.ts';
import { newTs } from '#sandbox/slack/ids.ts';
import type { Manifest } from '#sandbox/slack/manifest.ts';
import type { Tokens } from '#sandbox/slack/tokens.ts';
import { type Arguments, textArg } from '#sandbox/slack/web-api/arguments.ts';
import { CHAT } from '#sandbox/slack/web-api/chat.ts';
import { CONVERSATIONS } from '#sandbox/slack/web-api/conversations.ts';
import { type Faults, takeFault } from '#sandbox/slack/web-api/faults.ts';
import {
  type ApiAnswer,
  type Caller,
  type Method,
  type Methods,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import { PEOPLE } from '#sandbox/slack/web-api/people.ts';
import { type RateLimits, takeTurn } from '#sandbox/slack/web-api/rate-limits.ts';
import { SMALL_METHODS } from '#sandbox/slack/web-api/small-methods.ts';
import { VIEWS } from '#sandbox/slack/web-api/views.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

const METHODS: Methods = { ...CHAT, ...CONVERSATIONS, ...PEOPLE, ...VIEWS, ...SMALL_METHODS };

export type ApiDeps = {
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly connectionUrl: () => string;
  readonly wait: (ms: number) => Promise<void>;
};

export type ApiRequest = {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: Arguments;
};

/** `cut`: the connection ends without an answer. */
export type WireAnswer =
  | { readonly cut: true }
  | { readonly status: number; readonly body: ApiAnswer; readonly retryAfterSeconds?: number };

export async function answerCall(deps: ApiDeps, request: ApiRequest): Promise<WireAnswer> {
  const channel = channelOf(deps.workspace, request.args);
  const fault = takeFault(deps.faults, request.method, channel);
  switch (fault?.fault) {
    case undefined:
      return answer(deps, request);
    case 'delay':
      await deps.wait(fault.delayMs);
      return answer(deps, request);
    case 'drop':
      return { cut: true };
    case 'drop_after_accepting':
      answer(deps, request);
      return { cut: true };
    case 'error':
      return { status: 200, body: refuse(fault.error) };
    case 'status':
      return withStatus(fault);
    case 'forget':
      return { status: 200, body: asIfDone(deps.workspace, request.args, channel) };
  }
}

function answer(deps: ApiDeps, request: ApiRequest): WireAnswer {
  const method = Object.hasOwn(METHODS, request.method) ? METHODS[request.method] : undefined;
  if (!method) return { status: 200, body: refuse('unknown_method') };
  const caller = identify(deps.tokens, method, request.token);
  if ('ok' in caller) return { status: 200, body: caller };

  const channel = channelOf(deps.workspace, request.args);
  const retryAfterSeconds = takeTurn(deps.rateLimits, {
    method: request.method,
    tier: method.tier,
    ...(channel ? { channel } : {}),
  });
  if (retryAfterSeconds) {
    return { status: 429, body: refuse('ratelimited'), retryAfterSeconds };
  }
  const { workspace, manifest, connectionUrl } = deps;
  const context = { workspace, manifest, caller, connectionUrl };
  return { status: 200, body: method.call(context, request.args) };
}

type Known = Caller | ReturnType<typeof refuse>;

function identify(tokens: Tokens, method: Method, token: string | undefined): Known {
  if (method.token === 'none') return { kind: 'bot', scopes: [] };
  if (!token) return refuse('not_authed');
  const caller = tokens.get(token);
  if (!caller) return refuse('invalid_auth');
  if (caller.kind !== method.token) return refuse('not_allowed_token_type');
  const isAllowed =
    method.scopes.length === 0 || method.scopes.some((scope) => caller.scopes.includes(scope));
  if (isAllowed) return caller;
  const provided = caller.scopes.join(',');
  return { ...refuse('missing_scope'), needed: method.scopes[0], provided };
}

function channelOf(workspace: Workspace, args: Arguments): string | undefined {
  const named = textArg(args, 'channel');
  return named && (findChannel(workspace, named)?.id ?? named);
}

function withStatus(fault: Extract<Fault, { fault: 'status' }>): WireAnswer {
  const { status, retryAfterSeconds } = fault;
  const body = refuse(status === 429 ? 'ratelimited' : 'service_unavailable');
  return { status, body, ...(retryAfterSeconds ? { retryAfterSeconds } : {}) };
}

const asIfDone = (
  workspace: Workspace,
  args: Arguments,
  channel: string | undefined,
): ApiAnswer => {
  const ts = textArg(args, 'ts') ?? newTs(workspace);
  const text = textArg(args, 'text') ?? '';
  return { ok: true, channel, ts, message_ts: ts, text, message: { type: 'message', ts, text } };
};
