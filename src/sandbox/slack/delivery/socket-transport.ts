/** Socket Mode: the app calls in, and envelopes go to one of its connections. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import {
  ACK_LIMIT_MS,
  type Ack,
  type Envelope,
  type Transport,
} from '#sandbox/slack/delivery/envelope.ts';
import { newId } from '#sandbox/slack/ids.ts';

const CONNECTIONS_MAX = 10;
const PING_EVERY_MS = 5_000;
const LINK_PATH = '/link/';

type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

export type SocketDeps = {
  readonly dice: () => number;
  readonly appId: string;
  /** The server's own `host:port`, known once it listens. */
  readonly host: () => string;
};

type Waiting = (payload: unknown) => void;
type SocketState = SocketDeps & {
  readonly server: WebSocketServer;
  readonly tickets: Set<string>;
  readonly connections: Set<WebSocket>;
  readonly waiting: Map<string, Waiting>;
};

export type SocketTransport = Transport & {
  readonly connectionUrl: () => string;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly connectionCount: () => number;
  readonly disconnect: (reason: DisconnectReason) => void;
  readonly close: () => void;
};

export function createSocketTransport(deps: SocketDeps): SocketTransport {
  const state: SocketState = {
    ...deps,
    server: new WebSocketServer({ noServer: true }),
    tickets: new Set(),
    connections: new Set(),
    waiting: new Map(),
  };
  const pinging = setInterval(() => pingAll(state), PING_EVERY_MS).unref();
  return {
    via: 'socket',
    send: (envelope) => send(state, envelope),
    connectionUrl: () => issueUrl(state),
    upgrade: (request, socket, head) => upgrade(state, request, { socket, head }),
    connectionCount: () => state.connections.size,
    disconnect: (reason) => disconnectAll(state, reason),
    close: () => {
      clearInterval(pinging);
      for (const connection of state.connections) connection.terminate();
      state.server.close();
    },
  };
}

function issueUrl(state: SocketState): string {
  const ticket = newId(state, 'ticket-');
  state.tickets.add(ticket);
  return `ws://${state.host()}${LINK_PATH}?ticket=${ticket}&app_id=${state.appId}`;
}

type Raw = { readonly socket: Duplex; readonly head: Buffer };

/** A ticket opens one connection. */
function upgrade(state: SocketState, request: IncomingMessage, { socket, head }: Raw): void {
  const url = new URL(request.url ?? '/', 'ws://stand-in');
  const isExpected = url.pathname === LINK_PATH;
  if (!isExpected || !state.tickets.delete(url.searchParams.get('ticket') ?? '')) {
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    return;
  }
  state.server.handleUpgrade(request, socket, head, (connection) => welcome(state, connection));
}

function welcome(state: SocketState, connection: WebSocket): void {
  if (state.connections.size >= CONNECTIONS_MAX) {
    hangUp(connection, 'too_many_websockets');
    return;
  }
  state.connections.add(connection);
  connection.on('close', () => state.connections.delete(connection));
  connection.on('message', (data) => receive(state, data.toString()));
  connection.on('error', () => connection.terminate());
  say(connection, {
    type: 'hello',
    num_connections: state.connections.size,
    debug_info: { host: 'stand-in', approximate_connection_time: 18_060 },
    connection_info: { app_id: state.appId },
  });
}

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

function receive({ waiting }: SocketState, text: string): void {
  try {
    const { envelope_id, payload } = acknowledgement.parse(JSON.parse(text));
    waiting.get(envelope_id)?.(payload);
  } catch {
    // Slack ignores what is not an acknowledgement; so the delivery simply stays unanswered.
  }
}

const ENVELOPE_TYPES = {
  command: 'slash_commands',
  interactivity: 'interactive',
  options: 'interactive',
  event: 'events_api',
} as const;

async function send(state: SocketState, envelope: Envelope): Promise<Ack> {
  const connection = [...state.connections].find((one) => one.readyState === WebSocket.OPEN);
  const { kind } = envelope;
  if (!connection) return { came: 'not_reachable', failure: 'no connection of the app is open' };
  if (kind === 'url_verification') {
    return { came: 'not_reachable', failure: 'there is no request URL in Socket Mode' };
  }
  const envelopeId = newId(state, 'envelope-');
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<Ack>();
  const timer = setTimeout(() => resolve({ came: 'too_late' }), ACK_LIMIT_MS);
  state.waiting.set(envelopeId, (body) =>
    resolve({ came: 'in_time', ackMs: performance.now() - startedMs, body: emptyAsNone(body) }),
  );
  connection.once('close', () =>
    resolve({ came: 'not_reachable', failure: 'the connection closed before an answer' }),
  );
  say(connection, {
    envelope_id: envelopeId,
    type: ENVELOPE_TYPES[kind],
    accepts_response_payload: kind !== 'event',
    payload: envelope.payload,
    ...(envelope.retry
      ? { retry_attempt: envelope.retry.number, retry_reason: envelope.retry.reason }
      : {}),
  });
  const ack = await promise;
  clearTimeout(timer);
  state.waiting.delete(envelopeId);
  return ack;
}

const emptyAsNone = (body: unknown) =>
  body === '' || (body instanceof Object && Object.keys(body).length === 0) ? undefined : body;

function pingAll({ connections }: SocketState): void {
  for (const connection of connections) connection.ping();
}

/** A warning announces the end; every other reason is the end. */
function disconnectAll({ connections }: SocketState, reason: DisconnectReason): void {
  for (const connection of connections) {
    if (reason === 'warning') say(connection, { type: 'disconnect', reason });
    else hangUp(connection, reason);
  }
}

function hangUp(connection: WebSocket, reason: DisconnectReason): void {
  say(connection, { type: 'disconnect', reason, debug_info: { host: 'stand-in' } });
  connection.close(1_000);
}

const say = (connection: WebSocket, message: object) => connection.send(JSON.stringify(message));
