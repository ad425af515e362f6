// Asks one Prometheus, at the address the configuration names and nowhere else.

import { type Unknown, unknown } from '#adapters/metrics/unknown.ts';
import { parseJson } from '#adapters/parse-json.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';

type Ask = {
  readonly url: string;
  readonly query: string;
  readonly at: Instant;
  /** Ends the whole reading, of which this is one question. */
  readonly signal: AbortSignal;
};
/** The parsed JSON of an answer, whatever it holds. */
export type AskPrometheus = (ask: Ask) => Promise<Result<unknown, Unknown>>;

const ANSWER_BYTES_MAX = 256 * 1024;

export function createPrometheusClient(asksAtOnceMax: number): AskPrometheus {
  const inLane = createLane(asksAtOnceMax);
  return (ask) => inLane(() => askNow(ask));
}

async function askNow({ url, query, at, signal }: Ask): Promise<Result<unknown, Unknown>> {
  const address = addressOf(url);
  if (!address) return unknown('misconfigured', 'metrics.url is not an http or https address');
  try {
    const response = await fetch(address.href, {
      method: 'POST',
      // The two parameters after the time ask Thanos and VictoriaMetrics for all or nothing.
      body: new URLSearchParams({
        query,
        time: (at / 1_000).toFixed(3),
        partial_response: 'false',
        deny_partial_response: '1',
      }),
      headers: address.headers,
      redirect: 'manual',
      signal,
    });
    const text = await readCapped(response);
    if (text === undefined) {
      const remedy = 'ask for fewer series, for example with sum by (instance)';
      return unknown('misconfigured', `the answer is larger than 256 KiB: ${remedy}`);
    }
    return answerOf(response.status, text);
  } catch (error) {
    return signal.aborted
      ? unknown('timeout', 'no answer from Prometheus in time')
      : unknown('source_down', `Prometheus cannot be reached: ${causeOf(error)}`);
  }
}

function addressOf(url: string) {
  if (!URL.canParse(url)) return undefined;
  const address = new URL(url);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') return undefined;
  const { username, password } = address;
  const path = `${address.pathname.replace(/\/+$/, '')}/api/v1/query`;
  const secret = [username, password].map(decodeURIComponent).join(':');
  const headers: Record<string, string> =
    username === '' ? {} : { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
  return { href: new URL(path, address.origin).href, headers };
}

/** The body, or undefined when it is larger than anybody needs. */
async function readCapped(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body, so that the rest is not even received.
    if (bytes > ANSWER_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerOf(status: number, text: string): Result<unknown, Unknown> {
  if (status >= 300 && status < 400) {
    return unknown('misconfigured', 'the address redirects elsewhere, which is not followed');
  }
  const answer = parseJson(text);
  const said = saidIn(answer);
  // Prometheus tells its own faults as JSON; anything else at this status is somebody in between.
  if (status === 400 || status === 422) {
    return unknown('misconfigured', `Prometheus refuses the query: ${said || `HTTP ${status}`}`);
  }
  if (status === 401 || status === 403 || status === 404) {
    return unknown('misconfigured', `Prometheus is not to be had there: HTTP ${status}`);
  }
  if (status === 503 && /timed out|timeout|canceled/.test(said)) {
    return unknown('timeout', `Prometheus gave up the query: ${said}`);
  }
  if (status !== 200) return unknown('source_down', `Prometheus answers with HTTP ${status}`);
  if (answer === undefined) return unknown('source_down', 'the answer is not JSON');
  return yes(answer);
}

function saidIn(answer: unknown): string {
  const told = typeof answer === 'object' && answer !== null && 'error' in answer;
  return told ? String(answer.error).slice(0, 200) : '';
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'no connection';
  return 'code' in cause ? String(cause.code) : cause.name;
}

/** Lets so many through at once; the others wait in line. */
function createLane(width: number) {
  const waiting: (() => void)[] = [];
  let free = width;
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (free === 0) await new Promise<void>((go) => waiting.push(go));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
