/** The demo service's endpoints with a state that a test moves by hand. */
import type { ServerResponse } from 'node:http';
import type { BotAct, DemoSettings, DemoState } from '#sandbox/demo-protocol.ts';
import { type Exchange, type Route, readBody, sendJson } from '#sandbox/slack/http/exchange.ts';

const QUIET: DemoState = {
  running: true,
  service: 'support-agent',
  requestsPerSecond: 20,
  arms: {
    stable: {
      version: '2.3.3',
      sharePercent: 100,
      requests: 1200,
      errors: 10,
      errorPercent: 0.8,
      p95Ms: 1190,
      toolFailurePercent: 0.4,
    },
  },
  history: [],
  faults: {
    errors: 'none',
    latency: 'none',
    toolFailures: 'none',
    incident: false,
    slackDown: false,
  },
  bot: { running: true, pid: 4242, restarts: 0 },
  ofrep: { reachable: true, answers: [] },
  kills: [],
};

export function demoService() {
  let state = QUIET;
  const asked: (DemoSettings | BotAct)[] = [];
  const watching = new Set<ServerResponse>();
  const move = (part: Partial<DemoState>) => {
    state = { ...state, ...part };
    for (const response of watching) tell(response, state);
  };
  const take = async (exchange: Exchange) => {
    const body: DemoSettings & Partial<BotAct> = JSON.parse(
      (await readBody(exchange.request)) ?? '',
    );
    asked.push(body);
    const { faults, bot, ...rest } = body;
    move({
      ...rest,
      faults: { ...state.faults, ...faults },
      ...(bot ? { bot: { ...state.bot, running: bot === 'start' } } : {}),
    });
    sendJson(exchange, state);
  };
  const routes: readonly Route[] = [
    { method: 'GET', path: '/sandbox/demo', handle: (exchange) => sendJson(exchange, state) },
    { method: 'POST', path: '/sandbox/demo', handle: take },
    { method: 'POST', path: '/sandbox/demo/bot', handle: take },
    {
      method: 'GET',
      path: '/sandbox/demo/events',
      handle: ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        tell(response, state);
        watching.add(response);
        response.on('close', () => watching.delete(response));
      },
    },
  ];
  return { routes, move, asked, now: () => state };
}

function tell(response: ServerResponse, state: DemoState): void {
  response.write(`event: demo\ndata: ${JSON.stringify(state)}\n\n`);
}
