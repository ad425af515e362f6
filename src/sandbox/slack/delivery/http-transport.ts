/** Deliveries to the app's request URL, signed by hand and with exactly Slack's content types. */
import {
  ACK_LIMIT_MS,
  type Ack,
  type Envelope,
  type Transport,
} from '#sandbox/slack/delivery/envelope.ts';
import { signatureOf } from '#sandbox/slack/signature.ts';

export type HttpTransportDeps = {
  readonly botUrl: string;
  readonly signingSecret: string;
  readonly clock: () => number;
};

export function createHttpTransport(deps: HttpTransportDeps): Transport {
  return { via: 'http', send: (envelope) => send(deps, envelope) };
}

async function send(deps: HttpTransportDeps, envelope: Envelope): Promise<Ack> {
  const { contentType, body } = encode(envelope);
  const timestamp = String(Math.floor(deps.clock() / 1_000));
  const startedMs = performance.now();
  try {
    const response = await fetch(deps.botUrl, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(ACK_LIMIT_MS),
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf({ secret: deps.signingSecret, timestamp, body }),
        ...retryHeaders(envelope),
      },
      // A string, since a URLSearchParams body would bring its own charset along.
      body,
    });
    const text = await response.text();
    const ackMs = performance.now() - startedMs;
    const answer = readBody(response.headers.get('content-type') ?? '', text);
    const { status } = response;
    if (status === 200) return { came: 'in_time', ackMs, status, body: answer };
    const noRetry = response.headers.get('x-slack-no-retry') === '1';
    return { came: 'with_error', ackMs, status, body: answer, noRetry };
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
    return isTimeout ? { came: 'too_late' } : { came: 'not_reachable', failure: reasonOf(error) };
  }
}

/** Commands are flat forms, interactions one form field with JSON in it, events JSON. */
function encode({ kind, payload }: Envelope): { contentType: string; body: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'command': {
      const fields = Object.entries(payload).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      return { contentType: form, body: new URLSearchParams(fields).toString() };
    }
    case 'interactivity':
    case 'options': {
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      return { contentType: form, body };
    }
    case 'event':
    case 'url_verification':
      return { contentType: 'application/json', body: JSON.stringify(payload) };
  }
}

const retryHeaders = ({ retry }: Envelope): Record<string, string> =>
  retry ? { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason } : {};

/** An acknowledgement is empty, plain words, or JSON. */
function readBody(contentType: string, text: string): unknown {
  if (text === '') return undefined;
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
