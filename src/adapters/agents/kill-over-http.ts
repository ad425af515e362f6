import type { AgentDeps, KillRequest } from '#adapters/agents/agent-deps.ts';
import { type Caller, qualifiedName } from '#adapters/agents/gate.ts';
import type { Streams } from '#adapters/agents/streams.ts';
import { type Answer, json, refused } from '#adapters/http/answer.ts';
import { isRecord, parseJson } from '#adapters/parse-json.ts';
import { isName } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';

const REASON_LENGTH_MAX = 500;

export type KillDeps = Pick<AgentDeps, 'killOn' | 'refuseKillOff' | 'scrub'> & {
  readonly streams: Streams;
};
export type KillCall = { readonly caller: Caller; readonly name: string; readonly text: string };

/** `POST /v1/killswitches/{name}`: stopping works without Slack; letting go again needs a person. */
export async function killOverHttp(deps: KillDeps, call: KillCall): Promise<Answer> {
  const { caller, name } = call;
  if (!isName(name)) return refused(400, 'bad_name', `“${name}” is not the name of a switch.`);
  const qualified = qualifiedName(caller, name);
  if (qualified === undefined) {
    return refused(403, 'other_environment', `The token is for ${caller.environment} only.`);
  }
  const wish = readWish(call.text);
  if (!wish.ok) return wish.refusal;
  const { active, reason } = wish.value;
  // It goes into the emergency journal from here, which is no part of the store.
  const request = { name: qualified, reason: deps.scrub(reason), by: caller.actor };
  if (active) return throwIt(deps, request);
  const { code, words } = await deps.refuseKillOff(request);
  return refused(403, code, words);
}

function readWish(text: string): Result<{ active: boolean; reason: string }, Answer> {
  const malformed = (field: string, problem: string) =>
    no(refused(400, 'malformed', `${field}: ${problem}`, { field }));
  const body = parseJson(text);
  if (body === undefined) return no(refused(400, 'not_json', 'The body is not JSON.'));
  if (!isRecord(body)) return malformed('(body)', 'must be a JSON object');
  const { active, reason } = body;
  if (typeof active !== 'boolean') return malformed('active', 'must be true or false');
  if (typeof reason !== 'string' || reason.trim() === '')
    return malformed('reason', 'must say why');
  const trimmed = reason.trim();
  if (trimmed.length > REASON_LENGTH_MAX) {
    return malformed('reason', `must have at most ${REASON_LENGTH_MAX} characters`);
  }
  return yes({ active, reason: trimmed });
}

/**
 * Agents obey from memory before anything is written. When nothing could be written they still do,
 * so the caller hears that it acts, and that nobody should rely on it across a restart.
 */
async function throwIt({ killOn, streams }: KillDeps, request: KillRequest): Promise<Answer> {
  const killed = await killOn(request);
  if (!killed.ok) return refused(422, killed.refusal.code, killed.refusal.words);
  const { already, durable } = killed.value;
  const told = await streams.told();
  return json(durable ? 200 : 202, { name: request.name, active: true, already, durable, told });
}
