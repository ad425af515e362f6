import { z } from 'zod';
import type { BotProcess } from '#sandbox/demo/bot-process.ts';
import type { Fleet } from '#sandbox/demo/fleet.ts';
import type { DemoState } from '#sandbox/demo-protocol.ts';
import {
  asJson,
  type Exchange,
  type Route,
  readBody,
  sendJson,
} from '#sandbox/slack/http/exchange.ts';

const level = z.enum(['none', 'doubled', 'severe']);
const Settings = z.object({
  running: z.boolean().optional(),
  requestsPerSecond: z.number().min(1).max(500).optional(),
  faults: z
    .object({
      errors: level,
      latency: level,
      toolFailures: level,
      incident: z.boolean(),
      slackDown: z.boolean(),
    })
    .partial()
    .optional(),
});
const BotAct = z.object({ bot: z.enum(['kill', 'start']) });

export type DemoControls = {
  readonly service: string;
  readonly fleet: Fleet;
  readonly bot: BotProcess;
  /** Makes the stand-in answer the bot with 503, or stop doing so. */
  readonly setSlackDown: (down: boolean) => void;
  readonly every: (ms: number, run: () => void) => () => void;
};

/** The controls beside the chat: how the demo's agents fare, and how to make them fare worse. */
export function demoRoutes(controls: DemoControls): readonly Route[] {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const state = () => lookAt(controls);
  controls.every(1_000, tell);

  return [
    { method: 'GET', path: '/sandbox/demo', handle: (exchange) => sendJson(exchange, state()) },
    {
      method: 'GET',
      path: '/sandbox/demo/events',
      handle: ({ request, response }) => {
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
        });
        const send = () => {
          response.write(`event: demo\ndata: ${JSON.stringify(state())}\n\n`);
        };
        listeners.add(send);
        request.once('close', () => listeners.delete(send));
        send();
      },
    },
    {
      method: 'POST',
      path: '/sandbox/demo',
      handle: async (exchange) => {
        const settings = await bodyAs(Settings, exchange);
        if (!settings) return;
        change(controls, settings);
        sendJson(exchange, state());
        tell();
      },
    },
    {
      method: 'POST',
      path: '/sandbox/demo/bot',
      handle: async (exchange) => {
        const act = await bodyAs(BotAct, exchange);
        if (!act) return;
        controls.bot[act.bot]();
        sendJson(exchange, state());
        tell();
      },
    },
  ];
}

async function bodyAs<Value>(
  schema: z.ZodType<Value>,
  exchange: Exchange,
): Promise<Value | undefined> {
  const parsed = schema.safeParse(asJson((await readBody(exchange.request)) ?? ''));
  if (parsed.success) return parsed.data;
  const detail = z.prettifyError(parsed.error);
  sendJson(exchange, { ok: false, error: 'bad_request', detail }, { status: 400 });
  return undefined;
}

function change({ fleet, setSlackDown }: DemoControls, settings: z.infer<typeof Settings>): void {
  const { running, requestsPerSecond, faults } = settings;
  if (running !== undefined) fleet.setRunning(running);
  if (requestsPerSecond !== undefined) fleet.setRequestsPerSecond(requestsPerSecond);
  if (!faults) return;
  const set = Object.fromEntries(Object.entries(faults).filter(([, value]) => value !== undefined));
  fleet.setFaults({ ...fleet.look().faults, ...set });
  if (faults.slackDown !== undefined) setSlackDown(faults.slackDown);
}

function lookAt({ service, fleet, bot }: DemoControls): DemoState {
  const { reachable, answers, ...look } = fleet.look();
  return { ...look, service, bot: bot.look(), ofrep: { reachable, answers } };
}
