// Something on the network that answers in the place of Prometheus, rightly or wrongly.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening } from '#test/support/prometheus.ts';

export type Asked = { readonly query: string; readonly time: string; readonly path: string };
export type Respond = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

export async function startGarbledPrometheus(respond: Respond) {
  const asked: Asked[] = [];
  let now = respond;
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const one = {
      query: form.get('query') ?? '',
      time: form.get('time') ?? '',
      path: request.url ?? '',
    };
    asked.push(one);
    now(one, response, request);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked: asked as readonly Asked[],
    respond: (next: Respond) => {
      now = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A right answer of one row a value, each a series of its own, as fresh as the question. */
export const vector = (values: readonly string[], more: object = {}): Respond =>
  asJson(({ query, time }) => {
    const at = Number(time);
    const shown = query.startsWith('min(timestamp(') ? [String(at)] : values;
    const result = shown.map((value, nth) => ({ metric: { pod: `p${nth}` }, value: [at, value] }));
    return { status: 'success', data: { resultType: 'vector', result }, ...more };
  });

export const asJson =
  (body: (asked: Asked) => unknown, status = 200): Respond =>
  (asked, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body(asked)));
  };

export const plain =
  (body: string, status = 200, headers: Record<string, string> = {}): Respond =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
