/** Server-sent events: what changed, for one pair of eyes. */
import type { PageChange } from '#sandbox/protocol.ts';
import { changesAfter, listen } from '#sandbox/slack/feed.ts';
import type { Exchange } from '#sandbox/slack/http/exchange.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

const HEARTBEAT_MS = 15_000;

export function streamChanges({ feed }: Workspace, userId: string, exchange: Exchange): void {
  const { request, response, url } = exchange;
  const from = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? feed.seq;
  let lastSeq = Number(from);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write(': open\n\n');

  const flush = () => {
    const { seq } = feed;
    const changes = changesAfter(feed, lastSeq, userId);
    for (const change of changes ?? [{ seq, what: 'start_over' } as const]) {
      response.write(asEvent(change));
    }
    lastSeq = seq;
  };
  flush();
  const stop = listen(feed, flush);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
  });
}

const asEvent = (change: PageChange) =>
  `id: ${change.seq}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
