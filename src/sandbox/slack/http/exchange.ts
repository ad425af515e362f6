/** One request and its answer, and what a route is. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
};

export type Route = {
  readonly method: 'GET' | 'POST';
  /** A path that ends in `/` takes everything below it too; `/` alone is only itself. */
  readonly path: string;
  readonly handle: (exchange: Exchange) => void | Promise<void>;
};

const BODY_BYTES_MAX = 4 * 1_024 * 1_024;

export const findRoute = (routes: readonly Route[], method: string, path: string) =>
  routes.find(
    (route) =>
      route.method === method &&
      (route.path === path ||
        (route.path !== '/' && route.path.endsWith('/') && path.startsWith(route.path))),
  );

/** Undefined when it is too long to be meant. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined for text that is no JSON. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Json = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

export function sendJson(
  { response }: Pick<Exchange, 'response'>,
  body: unknown,
  { status = 200, headers = {} }: Json = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
