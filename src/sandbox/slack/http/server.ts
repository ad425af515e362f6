import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { findRoute, type Route, sendJson } from '#sandbox/slack/http/exchange.ts';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function createStandInServer(routes: readonly Route[]): Server {
  return createServer((request, response) => {
    handle(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(`The stand-in failed: ${String(error)}\n`);
    });
  });
}

async function handle(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method = 'GET' } = request;
  const origin = `http://${headers.host}`;
  const url = URL.parse(request.url ?? '/', origin);
  // Another name for this machine, or another page's script, is somebody's attempt to act as us.
  const isFromHere = headers.origin === undefined || headers.origin === origin;
  if (!url || !LOCAL_NAMES.has(url.hostname) || !isFromHere) {
    response.writeHead(403).end('Only this machine may ask.\n');
    return;
  }
  const route = findRoute(routes, method, url.pathname);
  if (!route) return sendJson({ response }, { ok: false, error: 'not_found' }, { status: 404 });
  await route.handle({ request, response, url });
}
