/** Rehearsals go the way of the real thing, under a name that stands for nothing. */
import { CLOCK, trusted } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import type { Plan } from '#domain/plan.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Applied, Service } from '#domain/service.ts';
import { placeOf, type Snapshot } from '#domain/snapshot.ts';
import type { Instant } from '#domain/time.ts';

/** No name that people or files can give begins like this, so no agent waits for it. */
const SHADOW = '~drill';
const CANDIDATE = 'drill';

/** In the environment of what is rehearsed, so that the streams there are told of the change. */
export function shadowOf(snapshot: Snapshot, name: string): string {
  const { environment } = placeOf(snapshot, name);
  return snapshot.environments.has(environment) ? `${SHADOW}/${environment}` : SHADOW;
}

/** A copy of the service with a made-up candidate that nobody is given: weight 0, and no testers. */
export function rehearsalOf(
  { former, stable = '' }: Service,
  { plan, shadow, at }: { readonly plan: Plan; readonly shadow: string; readonly at: Instant },
): Result<Service, string> {
  const copy = { name: shadow, archived: false, stable, former, locks: [], nextReleaseId: 0 };
  const [first] = plan.steps;
  if (!first) return no('its plan has no steps');
  const step = { ...first, weightPercent: 0, approval: false };
  return decided(
    decideService(
      copy,
      {
        to: 'start',
        by: trusted(CLOCK),
        candidate: CANDIDATE,
        plan: { ...plan, testers: [], steps: [step, ...plan.steps] },
        digest: '',
        note: '',
      },
      at,
    ),
  );
}

export const rehearsedRollback = (copy: Service, at: Instant): Result<Service, string> =>
  decided(decideService(copy, { to: 'rollback', by: trusted(CLOCK), reason: 'a drill' }, at));

/** Done only once it was read back, like any other rollback. */
export function isRehearsed(copy: Service, applied: Applied, at: Instant): boolean {
  const intent = { to: 'confirm_traffic', by: trusted(CLOCK), applied } as const;
  const confirmed = decided(decideService(copy, intent, at));
  return confirmed.ok && confirmed.value.live?.phase === 'recovering';
}

function decided(decision: ReturnType<typeof decideService>): Result<Service, string> {
  return decision.ok ? yes(decision.value.next) : no(decision.refusal.code);
}
