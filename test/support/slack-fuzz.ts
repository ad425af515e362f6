/** Deliveries of Slack with one thing wrong. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';

type Json = Record<string, unknown>;

const common = {
  api_app_id: 'A0SIGNALMAN',
  token: 'x',
  user: { id: 'U0ANA', username: 'ana', team_id: 'T0SIGNAL' },
  team: { id: 'T0SIGNAL', domain: 'signal-box' },
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: '1.2.3',
};
const view = {
  id: 'V1',
  callback_id: 'view.start',
  private_metadata: '',
  hash: '1.a',
  state: { values: { service: { entered: { type: 'plain_text_input', value: 'x' } } } },
};
const INTERACTIONS: readonly Json[] = [
  {
    ...common,
    type: 'block_actions',
    container: { type: 'message', message_ts: '1.2', channel_id: 'C0AGENTOPS' },
    channel: { id: 'C0AGENTOPS', name: 'agent-ops' },
    message: { ts: '1.2', text: 'a card' },
    response_url: 'http://127.0.0.1:9/nowhere',
    actions: [{ type: 'button', action_id: 'release.pause', value: '{}', action_ts: '1.3' }],
  },
  { ...common, type: 'view_submission', view },
  { ...common, type: 'view_closed', view, is_cleared: false },
  { ...common, type: 'shortcut', callback_id: 'start', action_ts: '1.2' },
  { ...common, type: 'block_suggestion', action_id: 'a', block_id: 'b', value: '', view },
];
const EVENTS: readonly Json[] = [
  { type: 'url_verification', challenge: 'abc', token: 'x' },
  {
    type: 'event_callback',
    team_id: 'T0SIGNAL',
    api_app_id: 'A0SIGNALMAN',
    event_id: 'Ev1',
    event: { type: 'app_home_opened', user: 'U0ANA', channel: 'D1', tab: 'home' },
  },
];
export const COMMAND: Json = {
  command: '/rollout',
  text: 'list',
  user_id: 'U0ANA',
  user_name: 'ana',
  team_id: 'T0SIGNAL',
  channel_id: 'C0AGENTOPS',
  api_app_id: 'A0SIGNALMAN',
  trigger_id: '1.2.3',
  response_url: 'http://127.0.0.1:9/nowhere',
};

/** Every place in a payload, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, member]) => placesIn(member, [...path, key]));
  return [path, ...inner];
}

function withChange(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const copy = structuredClone(value) as Json;
  const next = rest.length > 0 ? withChange(copy[key], rest, put) : put;
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

const anything = fc.constantFrom(undefined, null, '', 0, -1, true, [], {}, [null], 'x'.repeat(300));
const bent = (payloads: readonly Json[]) =>
  fc
    .constantFrom(...payloads)
    .chain((payload) =>
      fc.tuple(fc.constant(payload), fc.constantFrom(...placesIn(payload)), anything),
    )
    .map(([payload, place, put]) => withChange(payload, place, put));

export const FORM = 'application/x-www-form-urlencoded';
export const anyDelivery = fc.oneof(
  bent(INTERACTIONS).map((payload) => ({
    type: FORM,
    body: new URLSearchParams({ payload: JSON.stringify(payload) ?? '' }).toString(),
  })),
  bent(EVENTS).map((body) => ({ type: 'application/json', body: JSON.stringify(body) ?? '' })),
  bent([COMMAND]).map((fields) => ({
    type: FORM,
    body: new URLSearchParams(
      Object.entries(Object(fields)).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    ).toString(),
  })),
);

/** As Slack signs it, now. */
export function signedHeaders(type: string, body: string, signingSecret: string) {
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`);
  return {
    'content-type': type,
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${signature.digest('hex')}`,
  };
}
