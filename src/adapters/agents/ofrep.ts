/** The OpenFeature Remote Evaluation Protocol, 0.3: the first door for agents. */
import { hash } from 'node:crypto';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { AgentToken } from '#adapters/agents/agent-token.ts';
import { readContext } from '#adapters/agents/evaluation-context.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { issueTicket, periodOf } from '#adapters/agents/stream-ticket.ts';
import { changeTag } from '#adapters/agents/streams.ts';
import type { Usage } from '#adapters/agents/usage.ts';
import { type Answer, empty, json } from '#adapters/http/answer.ts';
import {
  type EvaluationContext,
  type EvaluationRefusal,
  evaluate,
  keysOf,
} from '#domain/evaluation.ts';
import type { EnvironmentView } from '#domain/snapshot.ts';
import { viewOf } from '#domain/snapshot.ts';
import type { Instant } from '#domain/time.ts';

export const STREAM_PATH = '/ofrep/v1/stream';
/** Clients close a stream after this long in the background, and fetch anew when they are back. */
const INACTIVITY_SECONDS = 120;

export type OfrepDeps = Pick<AgentDeps, 'snapshots' | 'telemetry' | 'clock'> & {
  readonly life: string;
  readonly usage: Usage;
};

export function evaluateOne(deps: OfrepDeps, caller: Caller, key: string, text: string): Answer {
  const context = readContext(text);
  if (!context.ok) return json(400, { key, ...context.refusal });
  const { environment } = caller;
  const view = viewOf(deps.snapshots.current(), environment);
  const evaluated = evaluate(view, key, context.value);
  if (!evaluated.ok) return json(statusOf(evaluated.refusal), failure(evaluated.refusal));

  const { variant, reason, metadata } = evaluated.value;
  deps.usage.asked(environment, key);
  deps.telemetry.evaluations.add(labelOf(view, key), variant, reason, environment);
  if (metadata.lacks_candidate) deps.telemetry.lacksCandidate.add(key, environment);
  return json(200, evaluated.value);
}

export type BulkRequest = {
  readonly caller: Caller;
  readonly text: string;
  readonly ifNoneMatch: string | undefined;
};

/**
 * The same body gets the same answer until the environment changes, so the tag is made of both and
 * a client that is up to date costs neither parsing nor evaluating.
 */
export function createBulk(deps: OfrepDeps) {
  const { snapshots, life, clock, usage } = deps;
  const keys = createKeys();
  const tickets = createTickets();

  return ({ caller, text, ifNoneMatch }: BulkRequest): Answer => {
    const { environment, token } = caller;
    const at = clock();
    const change = changeTag(life, snapshots.revisionOf(environment));
    const heardOf = usage.switchesAsked(environment);
    const state = `${change}-${heardOf.length}-${periodOf(at)}`;
    const etag = `"${state}-${hash('sha1', text, 'base64url')}"`;
    usage.listed(environment);
    if (matches(ifNoneMatch, etag)) return empty(304, { etag });

    const context = readContext(text);
    if (!context.ok) return json(400, context.refusal);
    const view = viewOf(snapshots.current(), environment);
    const flags = keys(view, heardOf).map((key) =>
      answerInBulk(deps, environment, view, key, context.value),
    );
    const ticket = token ? `?ticket=${tickets(token, at)}` : '';
    const stream = {
      type: 'sse',
      endpoint: { requestUri: `${STREAM_PATH}${ticket}` },
      inactivityDelaySec: INACTIVITY_SECONDS,
    };
    return json(200, { flags, eventStreams: [stream], metadata: { environment } }, { etag });
  };
}

/** Views are immutable and what is heard of only grows: the sorted keys are made once for both. */
function createKeys() {
  const known = new WeakMap<EnvironmentView, { heard: number; keys: readonly string[] }>();
  return (view: EnvironmentView, heardOf: readonly string[]): readonly string[] => {
    const made = known.get(view);
    if (made?.heard === heardOf.length) return made.keys;
    const keys = keysOf(view, heardOf);
    known.set(view, { heard: heardOf.length, keys });
    return keys;
  };
}

/** A ticket is the same for an hour. */
function createTickets() {
  const known = new Map<AgentToken, { readonly period: number; readonly ticket: string }>();
  return (token: AgentToken, at: Instant): string => {
    const period = periodOf(at);
    const issued = known.get(token);
    if (issued?.period === period) return issued.ticket;
    const ticket = issueTicket(token, at);
    known.set(token, { period, ticket });
    return ticket;
  };
}

function answerInBulk(
  { telemetry }: OfrepDeps,
  environment: string,
  view: EnvironmentView,
  key: string,
  context: EvaluationContext,
) {
  const evaluated = evaluate(view, key, context);
  if (!evaluated.ok) return failure(evaluated.refusal);
  const { variant, reason } = evaluated.value;
  telemetry.evaluations.add(labelOf(view, key), variant, reason, environment);
  return evaluated.value;
}

const STATUS = { flag_not_found: 404, targeting_key_missing: 400 } as const;
const statusOf = ({ code }: EvaluationRefusal) => STATUS[code];

function failure({ code, key }: EvaluationRefusal) {
  switch (code) {
    case 'flag_not_found':
      return { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `No flag “${key}” is known here.` };
    case 'targeting_key_missing':
      return {
        key,
        errorCode: 'TARGETING_KEY_MISSING',
        errorDetails: `“${key}” is split by key: send “targetingKey” in the context.`,
      };
  }
}

/** Anybody may ask for a switch that was never thrown; its name is theirs, so it is no label. */
const labelOf = (view: EnvironmentView, key: string) =>
  !key.startsWith('kill.') || isKnownSwitch(view, key.slice('kill.'.length)) ? key : 'kill.(other)';

const isKnownSwitch = ({ services, switches }: EnvironmentView, name: string) =>
  name === 'global' || switches.has(name) || services.has(name);

/** `If-None-Match` may list several tags, and weak ones count as well. */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  return ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .includes(etag);
}
