import { createHash } from 'node:crypto';
import type { Asker } from '#domain/actor.ts';
import { slipsBetween } from '#domain/nearest.ts';
import type { Plan, Strategy } from '#domain/plan.ts';
import { type PlanPreview, previewPlan } from '#domain/policy/planner.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { planFor, type Settings } from '#domain/settings.ts';
import { noteRefusal } from '#operations/note-refusal.ts';
import { type SteerDeps, steerService } from '#operations/steer-service.ts';
import type { Committed } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

export type StartDeps = SteerDeps & {
  readonly settings: () => Settings;
  readonly queries: Queries;
};

export type StartWish = {
  readonly service: string;
  readonly version: string;
  readonly strategy?: Strategy;
  readonly note: string;
  readonly by: Asker;
  readonly inboxKey: string;
};

/** Something the person who starts should know; none of these stops the release. */
export type StartWarning =
  | { readonly what: 'unheard_version'; readonly version: string; readonly meant?: string }
  | {
      readonly what: 'short_dwell';
      readonly step: number;
      readonly dwellMs: number;
      readonly pollMs: number;
    }
  | { readonly what: 'no_shared_traffic' };

export type Started = Committed<Service> & {
  readonly warnings: readonly StartWarning[];
  readonly preview?: PlanPreview;
};

/** Proposes a release by the plan that the configuration holds now. */
export async function startRelease(
  deps: StartDeps,
  wish: StartWish,
): Promise<Result<Started, Refusal>> {
  const { service, version, strategy, note, by, inboxKey } = wish;
  const settings = deps.settings().services.get(service);
  const plan = settings && planFor(settings, strategy);
  if (!plan) return await refuseUnknown(deps, wish);
  const digest = digestOf(service, version, plan);
  const outcome = await steerService(deps, {
    service,
    inboxKey,
    intent: { to: 'start', by, candidate: version, note, plan, digest },
  });
  if (!outcome.ok) return outcome;
  return yes({
    ...outcome.value,
    warnings: startWarnings(deps, wish, plan),
    ...previewOf(deps, service, plan),
  });
}

/** Not in the configuration file: never heard of, or archived with its history. */
async function refuseUnknown(
  { store, queries, clock, serviceNames }: StartDeps,
  { service, version, by, inboxKey }: StartWish,
): Promise<Result<never, Refusal>> {
  const refusal: Refusal = queries.service(service)
    ? { code: 'service_archived', service }
    : { code: 'unknown_service', service, known: serviceNames() };
  const asked = { by, action: 'start', target: { service, version }, inboxKey };
  await noteRefusal({ store, clock }, refusal, asked);
  return no(refusal);
}

/** What an approval is bound to: another plan, version or service has another digest. */
function digestOf(service: string, version: string, plan: Plan): string {
  return createHash('sha256').update(JSON.stringify({ service, version, plan })).digest('hex');
}

/** What whoever is about to start this should know. */
export function startWarnings(
  { queries }: Pick<StartDeps, 'queries'>,
  { service, version }: Pick<StartWish, 'service' | 'version'>,
  plan: Plan,
): readonly StartWarning[] {
  const warnings: StartWarning[] = [];
  const { stable, former = [] } = queries.service(service) ?? {};
  const known = [...new Set([...queries.knownVersions(service), ...former])];
  if (!known.includes(version)) {
    const meant = nearest(version, known, [...former, ...(stable === undefined ? [] : [stable])]);
    warnings.push({ what: 'unheard_version', version, ...(meant !== undefined && { meant }) });
  }
  if (plan.strategy === 'blue-green') warnings.push({ what: 'no_shared_traffic' });
  const { pollMs } = plan;
  const short = plan.steps.findIndex(({ dwellMs }) => dwellMs < 3 * pollMs);
  const dwellMs = plan.steps[short]?.dwellMs;
  if (dwellMs !== undefined)
    warnings.push({ what: 'short_dwell', step: short + 1, dwellMs, pollMs });
  return warnings;
}

/** `v2.4.0` for `2.4.0`, or one slip of the finger; the next version is no slip for an earlier one. */
function nearest(
  version: string,
  known: readonly string[],
  stables: readonly string[],
): string | undefined {
  const bare = (text: string) => text.replace(/^v/i, '');
  return (
    [...known, ...stables].find((one) => bare(one) === bare(version)) ??
    known.find((one) => !stables.includes(one) && slipsBetween(one, version) === 1)
  );
}

/** Nothing when no traffic was measured. */
export function previewOf(
  { queries, clock }: Pick<StartDeps, 'queries' | 'clock'>,
  service: string,
  plan: Plan,
): { readonly preview?: PlanPreview } {
  const traffic = queries.traffic(service, clock());
  return traffic ? { preview: previewPlan(plan, traffic) } : {};
}
