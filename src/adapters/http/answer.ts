import type { ServerResponse } from 'node:http';

/** What a request is answered with: handlers return it, one place writes it. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

export const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export const json = (
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string>>,
): Answer => ({
  status,
  headers: headers ? { ...JSON_TYPE, ...headers } : JSON_TYPE,
  body: JSON.stringify(value),
});

export const empty = (status: number, headers?: Readonly<Record<string, string>>): Answer =>
  headers ? { status, headers } : { status };

/** Why a program's request is not done: a code to switch on and a sentence for whoever reads logs. */
export const refused = (
  status: number,
  error: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Answer => json(status, { error, message, ...more });

/** The length is stated, so that small answers leave in one packet and without chunks. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  if (body === undefined) {
    const length = status === 304 || status === 204 ? undefined : { 'content-length': '0' };
    response.writeHead(status, { ...headers, ...length }).end();
    return;
  }
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': length });
  // Text of ASCII alone, which most is, leaves faster when nobody has to look for more in it.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}
