/** What Unleash Edge asks besides an SDK: it serves reads in front of us, at any scale. */
import type { IncomingMessage } from 'node:http';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { createTokenFinder } from '#adapters/agents/agent-token.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { badData, countUsage, type UnleashDeps } from '#adapters/agents/unleash.ts';
import { readBulkReport, readTokens } from '#adapters/agents/unleash-reports.ts';
import { type Answer, empty, json } from '#adapters/http/answer.ts';
import { isFromThisMachine } from '#adapters/http/loopback.ts';
import { createTokenBuckets } from '#adapters/http/token-bucket.ts';
import { parseJson } from '#adapters/parse-json.ts';

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
    const given = readTokens(parseJson(text));
    if (!given.ok) return badData(given.refusal);
    const address = request.socket.remoteAddress ?? '';
    const right: object[] = [];
    for (const token of new Set(given.value)) {
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

/** The decisions of many SDKs behind one Edge, added up by it. */
export function takeBulkMetrics(deps: UnleashDeps, caller: Caller, text: string): Answer {
  const reports = readBulkReport(parseJson(text));
  if (!reports.ok) return badData(reports.refusal);
  for (const [key, decisions] of reports.value) countUsage(deps, caller, key, decisions);
  return empty(202);
}
