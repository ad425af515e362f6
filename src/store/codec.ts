/**
 * The database's edge. Rows were written by this program alone, so what is checked here is the
 * shape that every reader relies on; a row that does not have it is a bug and is said so by name.
 */
import { z } from 'zod';
import type { Actor } from '#domain/actor.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import type { Effect } from '#domain/effect.ts';
import type { Counts } from '#domain/evidence.ts';
import type { FlagRequest } from '#domain/flag.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Release, ReleaseFacts } from '#domain/release.ts';
import type { Emergency } from '#domain/review.ts';
import type { Roles } from '#domain/roles.ts';
import type { Applied, Lock } from '#domain/service.ts';
import { type Component, REVERSIBILITIES } from '#domain/version.ts';
import type { Sent } from '#store/port.ts';

const actorKind = z.enum(['user', 'policy', 'clock', 'token', 'cli', 'git']);
const actor = z.object({ kind: actorKind, id: z.string() });
const instant = z.number().int();

const shapes = {
  former: z.array(z.string()),
  locks: z.array(
    z.looseObject({ version: z.string(), release: z.number(), by: actor, at: instant }),
  ),
  applied: z.object({ stable: z.string(), candidate: z.string(), weightPercent: z.number() }),
  facts: z.looseObject({
    id: z.number(),
    service: z.string(),
    plan: z.looseObject({ steps: z.array(z.looseObject({ weightPercent: z.number() })) }),
  }),
  state: z.looseObject({
    phase: z.string(),
    excluded: z.array(actor),
    approvals: z.array(z.looseObject({})),
  }),
  evidence: z.looseObject({ method: z.number() }),
  allowed: z.array(z.string()),
  request: z.looseObject({ id: z.number(), by: actor }),
  effect: z.looseObject({}),
  sent: z.object({ channel: z.string(), ts: z.string(), threadTs: z.string().optional() }),
  counts: z.looseObject({ requests: z.number() }),
  agentLog: z.looseObject({ at: instant, success: z.boolean(), assigned: z.string() }),
  refusal: z.looseObject({ code: z.string() }),
  emergency: z.looseObject({ at: instant, actor, action: z.string(), target: z.looseObject({}) }),
  roles: z.record(z.string(), z.string()),
  authors: z.array(z.string()),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().optional(),
      reversibility: z.enum(REVERSIBILITIES),
    }),
  ),
};

type Shapes = {
  readonly former: readonly string[];
  readonly locks: readonly Lock[];
  readonly applied: Applied;
  readonly facts: ReleaseFacts;
  readonly state: Omit<Release, 'facts' | 'evidence'>;
  readonly evidence: EvidenceState;
  readonly allowed: readonly string[];
  readonly request: FlagRequest;
  readonly effect: Effect;
  readonly sent: Sent;
  readonly counts: Counts;
  readonly agentLog: AgentLog;
  readonly refusal: Refusal;
  readonly emergency: Emergency;
  readonly roles: Roles;
  readonly authors: readonly string[];
  readonly components: readonly Component[];
};

/** Reads one JSON value of a row; `where` names the row, for whoever has to repair it. */
export function decode<Name extends keyof Shapes>(
  name: Name,
  value: unknown,
  where: string,
): Shapes[Name] {
  const parsed = shapes[name].safeParse(value);
  if (!parsed.success)
    throw new Error(
      `Broken invariant: ${name} of ${where} cannot be read: ${parsed.error.message}`,
    );
  // The one place where stored JSON becomes a domain type; the checks above name what is relied on.
  return value as Shapes[Name];
}

/** Actors stand in columns as `user:U0ANA`, so that people can query for them. */
export const actorText = ({ kind, id }: Actor) => `${kind}:${id}`;

export function actorFrom(text: string): Actor {
  const colon = text.indexOf(':');
  return actor.parse({ kind: text.slice(0, colon), id: text.slice(colon + 1) });
}
