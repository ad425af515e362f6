/** Stands before Bolt: what it lets through is from Slack, new, of a bearable size and well-formed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { empty, send } from '#adapters/http/answer.ts';
import { readText } from '#adapters/http/body.ts';
import { isCertificateCheck, isDelivery } from '#adapters/slack/inbound/request-shape.ts';
import { createSeenRequests } from '#adapters/slack/inbound/seen-requests.ts';
import { problemWith } from '#adapters/slack/inbound/signature.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';

export const SLACK_PATH = '/slack/events';
const BODY_BYTES_MAX = 256 * 1024;

/** A request whose body was read already; Bolt takes it from there. */
export type ReadRequest = IncomingMessage & { rawBody: Buffer };

export type FrontGuardDeps = {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
  readonly log: Logger;
  readonly pass: (request: ReadRequest, response: ServerResponse) => void;
};

export function createFrontGuard(deps: FrontGuardDeps) {
  const seen = createSeenRequests(deps.monotonicMs);
  return (request: IncomingMessage, response: ServerResponse): void => {
    guard(deps, seen, { request, response }).catch((error: unknown) => {
      deps.log.error({ err: error }, 'A request of Slack failed before it reached its handler');
      send(response, empty(500));
    });
  };
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };
type Seen = ReturnType<typeof createSeenRequests>;

async function guard(deps: FrontGuardDeps, seen: Seen, { request, response }: Exchange) {
  const turnAway = (status: number, why: string) => {
    deps.log.warn({ status, why }, 'A request to Slack’s address was turned away');
    // The rest of a body that nobody wants is not read.
    response.once('finish', () => request.destroy());
    send(response, empty(status, { connection: 'close' }));
  };

  if (request.url?.split('?')[0] !== SLACK_PATH) return turnAway(404, 'another path');
  if (request.method !== 'POST') return turnAway(405, 'not a POST');
  if (request.headers['content-encoding'] !== undefined) return turnAway(415, 'an encoded body');
  const [timestamp, signature] = [
    single(request, 'x-slack-request-timestamp'),
    single(request, 'x-slack-signature'),
  ];
  if (timestamp === 'several' || signature === 'several') return turnAway(400, 'a header twice');

  const body = await readText(request, BODY_BYTES_MAX);
  if (!body.ok) return turnAway(body.refusal.code === 'too_large' ? 413 : 400, body.refusal.code);
  const contentType = request.headers['content-type'] ?? '';
  if (isCertificateCheck(contentType, body.value)) return send(response, empty(200));

  const rawBody = Buffer.from(body.value);
  const signed = { timestamp: timestamp ?? '', signature: signature ?? '', body: rawBody };
  const problem = problemWith(signed, deps.signingSecret, deps.clock());
  if (problem) return turnAway(401, problem);
  if (seen.isRepeat(signed.signature)) {
    deps.log.warn({}, 'A request of Slack came a second time, byte by byte; it was not run again');
    return send(response, empty(200));
  }
  if (!isDelivery(contentType, body.value)) return turnAway(400, 'not shaped like a delivery');
  deps.pass(Object.assign(request, { rawBody }), response);
}

/** Two values for one header would let two readers check and use different ones. */
function single({ rawHeaders }: IncomingMessage, name: string): string | 'several' | undefined {
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && isNamed(rawHeaders[at - 1], name));
  return values.length > 1 ? 'several' : values[0];
}

const isNamed = (header: string | undefined, name: string) => header?.toLowerCase() === name;
