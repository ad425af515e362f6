import type { IncomingMessage } from 'node:http';
import {
  type AgentToken,
  createTokenFinder,
  LOOPBACK_TOKEN,
  type Scope,
} from '#adapters/agents/agent-token.ts';
import { isFromThisMachine } from '#adapters/http/loopback.ts';
import { createTokenBucket, createTokenBuckets, type Rate } from '#adapters/http/token-bucket.ts';
import type { Actor } from '#domain/actor.ts';
import { isGlobalSwitch, splitName } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';

/** Who asks, and what about: a token speaks for one environment. */
export type Caller = {
  readonly actor: Actor;
  readonly environment: string;
  readonly isDefaultEnvironment: boolean;
  readonly scopes: ReadonlySet<Scope>;
  /** Absent for callers on this machine. */
  readonly token?: AgentToken;
};

export type TurnedAway = {
  readonly status: 401 | 403 | 429;
  readonly message: string;
  readonly retryAfterSeconds?: number;
};

export type GateLimits = {
  /** Per token. */
  readonly requests: Rate;
  /** Per token too, and apart: stopping must work while everything else is flooded. */
  readonly kills: Rate;
  /** Per address, for those whose token is wrong. */
  readonly strangers: Rate;
};

export const GATE_LIMITS: GateLimits = {
  requests: { perSecond: 20_000, burst: 40_000 },
  kills: { perSecond: 5, burst: 30 },
  strangers: { perSecond: 10, burst: 100 },
};

const STRANGERS_MAX = 10_000;

export type Gate = (request: IncomingMessage, scope: Scope) => Result<Caller, TurnedAway>;

export type GateDeps = {
  readonly tokens: readonly AgentToken[];
  readonly defaultEnvironment: string;
  readonly monotonicMs: () => number;
  readonly limits: GateLimits;
};

export function createGate({ tokens, defaultEnvironment, monotonicMs, limits }: GateDeps): Gate {
  const callers = new Map(tokens.map((token) => [token, callerOf(token, defaultEnvironment)]));
  const requests = bucketPerToken(tokens, limits.requests);
  const findToken = createTokenFinder(tokens);
  const kills = bucketPerToken(tokens, limits.kills);
  const strangers = createTokenBuckets(limits.strangers, STRANGERS_MAX);
  const { token: _, ...loopback } = callerOf(LOOPBACK_TOKEN, defaultEnvironment);

  const recognise = (request: IncomingMessage): Result<Caller, TurnedAway> => {
    if (tokens.length === 0) {
      return isFromThisMachine(request)
        ? yes(loopback)
        : no({ status: 401, message: 'Without AGENT_TOKENS only this machine may ask.' });
    }
    const secret = secretOf(request);
    const token = secret === undefined ? undefined : findToken(secret);
    const caller = token && callers.get(token);
    if (caller) return yes(caller);
    const waitMs = strangers.take(request.socket.remoteAddress ?? '', monotonicMs());
    if (waitMs > 0 && !isFromThisMachine(request)) return tooMany(waitMs);
    return no({ status: 401, message: 'Send a token of AGENT_TOKENS as a bearer token.' });
  };

  return (request, scope) => {
    const recognised = recognise(request);
    if (!recognised.ok) return recognised;
    const { token, scopes } = recognised.value;
    if (!scopes.has(scope)) return no({ status: 403, message: `The token lacks scope ${scope}.` });
    if (!token) return recognised;
    const bucket = (scope === 'kill' ? kills : requests).get(token);
    const waitMs = bucket?.take(monotonicMs()) ?? 0;
    return waitMs > 0 ? tooMany(waitMs) : recognised;
  };
}

const bucketPerToken = (tokens: readonly AgentToken[], rate: Rate) =>
  new Map(tokens.map((token) => [token, createTokenBucket(rate)]));

const tooMany = (waitMs: number): Result<Caller, TurnedAway> =>
  no({
    status: 429,
    message: 'Too many requests; the burst is used up.',
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  });

function callerOf(token: AgentToken, defaultEnvironment: string): Caller {
  const environment = token.environment ?? defaultEnvironment;
  return {
    actor: { kind: 'token', id: token.id },
    environment,
    isDefaultEnvironment: environment === defaultEnvironment,
    scopes: token.scopes,
    token,
  };
}

/** OpenFeature's SDKs send a bearer token or X-API-Key, Unleash's the bare token. */
function secretOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return authorization.replace(/^Bearer\s+/i, '');
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

/**
 * The name as people write it: a token speaks for its environment, so `support-agent` from a
 * staging token is `support-agent/staging`. Undefined when it names another environment.
 */
export function qualifiedName(caller: Caller, name: string): string | undefined {
  const { base, environment } = splitName(name);
  if (environment !== undefined && environment !== caller.environment) return undefined;
  if (!caller.isDefaultEnvironment) return `${base}/${caller.environment}`;
  // In the default environment `global` reaches everywhere, `global/production` only there.
  return isGlobalSwitch(name) ? name : base;
}
