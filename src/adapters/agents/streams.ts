import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import type { PublishedSnapshot } from '#adapters/agents/published-snapshot.ts';
import { type Instant, SECOND_MS } from '#domain/time.ts';

/** How many streams were told of the newest change, and in what time. */
export type Told = { readonly streams: number; readonly ms: number };

export type StreamsDeps = {
  readonly snapshots: PublishedSnapshot;
  /** Tells one life of this process from another: revisions start anew with each. */
  readonly life: string;
  readonly telemetry: AgentTelemetry;
  readonly clock: () => Instant;
  readonly monotonicMs: () => number;
};

export type Streams = {
  /** Takes the response over: from now on it is an event stream. */
  readonly open: (environment: string, response: ServerResponse, lastEventId?: string) => void;
  readonly count: () => number;
  /** Resolves once every stream has been told of the newest change. */
  readonly told: () => Promise<Told>;
  readonly close: () => void;
};

type Channel = {
  readonly environment: string;
  readonly members: Set<ServerResponse>;
  toldRevision: number;
  pushing: Promise<Told> | undefined;
};

/** Everything else on this port has its turn after one or two of these, however many streams there are. */
const SLICE_MS_MAX = 4;
const HEARTBEAT_MS = 15 * SECOND_MS;
/** Whoever has not read this much is gone or hopeless; a new connection starts afresh. */
const UNREAD_BYTES_MAX = 64 * 1024;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_SPREAD = 4_000;

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  connection: 'close',
  'x-accel-buffering': 'no',
};

export const changeTag = (life: string, revision: number) => `${life}-${revision}`;

export function createStreams(deps: StreamsDeps): Streams {
  const { snapshots, life, telemetry, monotonicMs } = deps;
  const channels = new Map<string, Channel>();
  let lastTold: Told = { streams: 0, ms: 0 };
  let opened = 0;

  const unsubscribe = snapshots.subscribe(() => {
    for (const channel of channels.values()) {
      if (snapshots.revisionOf(channel.environment) !== channel.toldRevision) push(channel);
    }
  });

  const heartbeat = setInterval(() => {
    for (const { members } of channels.values()) void writeToAll(deps, members, ': still here\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  /** Whoever was told before a further change came is told once more: twice is safe, late is not. */
  const tellUntilNewest = async (channel: Channel): Promise<Told> => {
    let revision: number;
    let told: Told;
    do {
      revision = channel.toldRevision;
      told = await tellAll(deps, channel);
    } while (revision !== channel.toldRevision);
    channel.pushing = undefined;
    telemetry.pushed(told.ms / SECOND_MS);
    lastTold = told;
    return told;
  };

  const push = (channel: Channel) => {
    channel.toldRevision = snapshots.revisionOf(channel.environment);
    channel.pushing ??= tellUntilNewest(channel);
  };

  return {
    open: (environment, response, lastEventId) => {
      const channel = channelOf(channels, snapshots, environment);
      const { members, toldRevision } = channel;
      opened += 1;
      // A stream ends with its connection, so it needs no chunks: they cost three writes for one.
      response.removeHeader('transfer-encoding');
      response.writeHead(200, STREAM_HEADERS);
      const retry = `retry: ${RETRY_MS_MIN + ((opened * 997) % RETRY_MS_SPREAD)}\n\n`;
      // What changed between its last fetch and now would be missed, so it fetches once more.
      const isUpToDate = lastEventId === changeTag(life, toldRevision);
      response.write(isUpToDate ? retry : `${retry}${frame(deps, channel)}`);
      members.add(response);
      telemetry.streams.set(environment, members.size);
      const leave = () => {
        members.delete(response);
        telemetry.streams.set(environment, members.size);
      };
      response.on('close', leave);
      response.on('error', leave);
    },
    count: () => [...channels.values()].reduce((sum, { members }) => sum + members.size, 0),
    told: async () => {
      const started = monotonicMs();
      const pushes = [...channels.values()].flatMap(({ pushing }) => pushing ?? []);
      if (pushes.length === 0) return lastTold;
      const told = await Promise.all(pushes);
      const streams = told.reduce((sum, one) => sum + one.streams, 0);
      return { streams, ms: Math.max(monotonicMs() - started, ...told.map(({ ms }) => ms)) };
    },
    close: () => {
      unsubscribe();
      clearInterval(heartbeat);
      for (const { members } of channels.values()) {
        for (const response of members) response.end();
      }
    },
  };
}

function channelOf(
  channels: Map<string, Channel>,
  snapshots: PublishedSnapshot,
  environment: string,
): Channel {
  const known = channels.get(environment);
  if (known) return known;
  const toldRevision = snapshots.revisionOf(environment);
  const channel: Channel = { environment, members: new Set(), toldRevision, pushing: undefined };
  channels.set(environment, channel);
  return channel;
}

async function tellAll(deps: StreamsDeps, channel: Channel): Promise<Told> {
  const startedMs = deps.monotonicMs();
  const streams = channel.members.size;
  await writeToAll(deps, channel.members, frame(deps, channel));
  return { streams, ms: deps.monotonicMs() - startedMs };
}

async function writeToAll(
  { monotonicMs }: StreamsDeps,
  members: ReadonlySet<ServerResponse>,
  text: string,
): Promise<void> {
  let sliceMs = monotonicMs();
  for (const response of [...members]) {
    if (monotonicMs() - sliceMs > SLICE_MS_MAX) {
      await nextTurn();
      sliceMs = monotonicMs();
    }
    write(response, text);
  }
}

function frame({ life, clock }: StreamsDeps, { toldRevision }: Channel): string {
  const etag = changeTag(life, toldRevision);
  const lastModified = Math.floor(clock() / SECOND_MS);
  const data = JSON.stringify({ type: 'refetchEvaluation', etag, lastModified });
  return `id: ${etag}\nevent: message\ndata: ${data}\n\n`;
}

/**
 * After its head a stream is nothing but bytes, which go to the socket itself: a response would keep
 * them until this turn is over, and then no slice would know how long it takes.
 */
function write(response: ServerResponse, text: string): void {
  const stream: Writable = response.socket ?? response;
  if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  else stream.write(text, 'latin1');
}
