import { decideService } from '#domain/decide-service.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result } from '#domain/result.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed } from '#store/port.ts';

export type SteerDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  /** Services people may name, for the answer to a misspelt one. */
  readonly serviceNames: () => readonly string[];
};

export type Steer = {
  readonly service: string;
  readonly intent: ServiceIntent;
  readonly inboxKey?: string;
};

export type Steered = Result<Committed<Service>, Refusal>;

/** Everything that happens to a service goes through here, whoever wants it. */
export async function steerService(deps: SteerDeps, steer: Steer): Promise<Steered> {
  const at = deps.clock();
  const { service: name, intent, inboxKey } = steer;
  const candidate = intent.to === 'start' ? intent.candidate : undefined;
  const asked = { at, actor: intent.by.actor, action: intent.to, target: targetOf(steer) };
  const outcome = await deps.store.change(
    { kind: 'service', name, ...(candidate !== undefined && { candidate }) },
    (service) => {
      if (!service)
        return no(
          refused({ code: 'unknown_service', service: name, known: deps.serviceNames() }, asked),
        );
      const decision = decideService(service, intent, at);
      return decision.ok ? decision : no(refused(decision.refusal, asked));
    },
    {
      ...requestOf({ by: intent.by, inboxKey }, at),
      ...(STOPS.has(intent.to) && { isStop: true }),
    },
  );
  if (!outcome.ok) return outcome;
  const { state, ...rest } = outcome.value;
  // A change is only committed for a service that exists.
  if (!state) return no({ code: 'unknown_service', service: name, known: deps.serviceNames() });
  return { ok: true, value: { state, ...rest } };
}

/** Looking is among them: a stop of the policy begins with a look. */
const STOPS: ReadonlySet<ServiceIntent['to']> = new Set([
  ...(['rollback', 'pause', 'abort', 'decline', 'observe', 'confirm_traffic'] as const),
]);

function targetOf({ service, intent }: Steer) {
  const release = 'release' in intent ? intent.release : undefined;
  const version =
    intent.to === 'start' ? intent.candidate : 'version' in intent ? intent.version : undefined;
  return {
    service,
    ...(release !== undefined && { release }),
    ...(version !== undefined && { version }),
  };
}
