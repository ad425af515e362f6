/** What Unleash Edge asks besides an SDK: it serves reads in front of us, at any scale. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { createTokenFinder } from '#adapters/agents/agent-token.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { badData, Count, countUsage, type UnleashDeps } from '#adapters/agents/unleash.ts';
import { type Answer, empty, json } from '#adapters/http/answer.ts';
import { parseJson } from '#adapters/http/body.ts';
import { isFromThisMachine } from '#adapters/http/loopback.ts';
import { createTokenBuckets } from '#adapters/http/token-bucket.ts';

const Tokens = z.object({ tokens: z.array(z.string().min(1).max(500)).max(100) });

/** Asking whether a token is right is as good as trying it, so wrong guesses are rationed. */
const GUESSES = { perSecond: 1, burst: 100 };
const ADDRESSES_MAX = 10_000;

/** Edge hands over the tokens its own callers bring, and hears which are right and for what. */
export function createTokenCheck({
  tokens,
  snapshots,
  monotonicMs,
}: Pick<AgentDeps, 'tokens' | 'snapshots' | 'monotonicMs'>) {
  const findToken = createTokenFinder(tokens);
  const guesses = createTokenBuckets(GUESSES, ADDRESSES_MAX);
  const { defaultEnvironment } = snapshots.current();

  const environmentOf = (secret: string): string | undefined => {
    if (tokens.length === 0) return defaultEnvironment;
    const token = findToken(secret);
    return token?.scopes.has('evaluate') ? (token.environment ?? defaultEnvironment) : undefined;
  };

  return (request: IncomingMessage, text: string): Answer => {
    if (tokens.length === 0 && !isFromThisMachine(request)) return empty(401);
    const read = Tokens.safeParse(parseJson(text));
    if (!read.success) return badData(read.error);
    const address = request.socket.remoteAddress ?? '';
    const right: object[] = [];
    for (const token of new Set(read.data.tokens)) {
      const environment = environmentOf(token);
      if (environment !== undefined) {
        right.push({ token, type: 'client', environment, projects: ['*'] });
        continue;
      }
      const waitMs = guesses.take(address, monotonicMs());
      if (waitMs > 0) return empty(429, { 'retry-after': String(Math.ceil(waitMs / 1_000)) });
    }
    return json(200, { tokens: right });
  };
}

const BulkMetrics = z.object({
  metrics: z
    .array(
      z.object({
        featureName: z.string(),
        yes: Count.default(0),
        no: Count.default(0),
        variants: z.record(z.string(), Count).default({}),
      }),
    )
    .default([]),
});

/** The decisions of many SDKs behind one Edge, added up by it. */
export function takeBulkMetrics(deps: UnleashDeps, caller: Caller, text: string): Answer {
  const read = BulkMetrics.safeParse(parseJson(text));
  if (!read.success) return badData(read.error);
  for (const { featureName, ...usage } of read.data.metrics) {
    countUsage(deps, caller, featureName, usage);
  }
  return empty(202);
}
