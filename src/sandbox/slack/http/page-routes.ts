/** What the page asks and does. */
import { z } from 'zod';

import type { Fault, TrafficLog, ViewValues } from '#sandbox/protocol.ts';
import { close, submit } from '#sandbox/slack/acts/finish-modal.ts';
import { openHome, useShortcut } from '#sandbox/slack/acts/open-things.ts';
import { badRequest } from '#sandbox/slack/acts/outcome.ts';
import { say } from '#sandbox/slack/acts/say.ts';
import { typeCommand } from '#sandbox/slack/acts/type-command.ts';
import { askOptions, click, select } from '#sandbox/slack/acts/use-element.ts';
import { streamChanges } from '#sandbox/slack/http/events-stream.ts';
import {
  asJson,
  type Exchange,
  type Route,
  readBody,
  sendJson,
} from '#sandbox/slack/http/exchange.ts';
import { pageState } from '#sandbox/slack/page-state.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { currentFaults, type Faults, setFaults } from '#sandbox/slack/web-api/faults.ts';
import type { Person } from '#sandbox/slack/workspace.ts';

const id = z.string().min(1).max(255);
const text = z.string().max(40_000);
const messagePlace = z.object({ channel: id, ts: id });
const place = z.union([messagePlace, z.object({ viewId: id })]);
const elementState = z.looseObject({ type: z.string() });
const values = z.record(
  z.string(),
  z.record(z.string(), elementState),
) as unknown as z.ZodType<ViewValues>;
const chosen = elementState as unknown as z.ZodType<ViewValues[string][string]>;
const element = { as: id, in: place, blockId: id, actionId: id };

const ACTS = {
  say: z.object({ as: id, channel: id, text, threadTs: id.exactOptional() }),
  command: z.object({ as: id, channel: id, text }),
  click: z.object({ ...element, option: text.exactOptional(), values: values.exactOptional() }),
  select: z.object({ ...element, chosen, values: values.exactOptional() }),
  options: z.object({ ...element, typed: text }),
  submit: z.object({ as: id, viewId: id, values }),
  close: z.object({ as: id, viewId: id, all: z.boolean().exactOptional() }),
  shortcut: z.object({ as: id, callbackId: id, message: messagePlace.exactOptional() }),
  home: z.object({ as: id }),
};

const times = z.int().min(1).exactOptional();
const hit = { method: id, times, channel: id.exactOptional() };
const fault: z.ZodType<Fault> = z.discriminatedUnion('fault', [
  z.object({ ...hit, fault: z.literal('error'), error: id }),
  z.object({
    ...hit,
    fault: z.literal('status'),
    status: z.int().min(300).max(599),
    retryAfterSeconds: z.int().min(1).exactOptional(),
  }),
  z.object({ ...hit, fault: z.literal('delay'), delayMs: z.int().min(0).max(60_000) }),
  z.object({ ...hit, fault: z.literal('drop_after_accepting') }),
  z.object({ ...hit, fault: z.literal('drop') }),
  z.object({ ...hit, fault: z.literal('forget') }),
]);
const faultList = z.object({ faults: z.array(fault).max(100) });

export function pageRoutes(slack: Slack, faults: Faults): readonly Route[] {
  const act = <Body>(
    name: string,
    schema: z.ZodType<Body>,
    run: (slack: Slack, body: Body) => unknown,
  ): Route => ({
    method: 'POST',
    path: `/sandbox/${name}`,
    handle: (exchange) => take(exchange, schema, (body) => run(slack, body)),
  });
  return [
    act('say', ACTS.say, say),
    act('command', ACTS.command, typeCommand),
    act('click', ACTS.click, click),
    act('select', ACTS.select, select),
    act('options', ACTS.options, askOptions),
    act('submit', ACTS.submit, submit),
    act('close', ACTS.close, close),
    act('shortcut', ACTS.shortcut, useShortcut),
    act('home', ACTS.home, openHome),
    act('faults', faultList, (_slack, body) => {
      setFaults(faults, body.faults);
      return { ok: true };
    }),
    get('faults', (exchange) => sendJson(exchange, currentFaults(faults))),
    get('log', (exchange) => sendJson(exchange, slack.traffic satisfies TrafficLog)),
    get('state', (exchange) =>
      forViewer(slack, exchange, (me) =>
        sendJson(exchange, pageState(slack.workspace, slack.manifest, me)),
      ),
    ),
    get('events', (exchange) =>
      forViewer(slack, exchange, (me) => streamChanges(slack.workspace, me.id, exchange)),
    ),
  ];
}

const get = (name: string, handle: Route['handle']): Route => ({
  method: 'GET',
  path: `/sandbox/${name}`,
  handle,
});

function forViewer({ workspace }: Slack, exchange: Exchange, show: (me: Person) => void): void {
  const as = exchange.url.searchParams.get('as') ?? '';
  const me = workspace.people.get(as);
  if (me) show(me);
  else sendJson(exchange, badRequest(`There is no person ${as}.`), { status: 400 });
}

async function take<Body>(
  exchange: Exchange,
  schema: z.ZodType<Body>,
  run: (body: Body) => unknown,
): Promise<void> {
  const refuse = (detail: string) => sendJson(exchange, badRequest(detail), { status: 400 });
  // A page from elsewhere cannot send this type without asking first, and is not answered then.
  if (!exchange.request.headers['content-type']?.startsWith('application/json')) {
    return refuse('Send application/json.');
  }
  const body = await readBody(exchange.request);
  const read = schema.safeParse(asJson(body ?? ''));
  if (!read.success) return refuse(z.prettifyError(read.error));
  const answer = await run(read.data);
  const isBad = Object(answer).error === 'bad_request';
  sendJson(exchange, answer, { status: isBad ? 400 : 200 });
}
