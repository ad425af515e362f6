/** The messages about a release, drawn from what the database says at this moment. */
import { type AlertState, alertMessage } from '#adapters/slack/views/alert.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { releaseCard } from '#adapters/slack/views/release-card.ts';
import { previewPlan } from '#domain/policy/planner.ts';
import type { Release } from '#domain/release.ts';
import { lockOn } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import type { Clock } from '#operations/clock.ts';
import type { Queries } from '#store/queries.ts';

export type ReleaseViewDeps = {
  readonly queries: Queries;
  readonly settings: () => Settings;
  readonly clock: Clock;
};

export function drawCard(deps: ReleaseViewDeps, release: Release): View {
  const { queries, clock } = deps;
  const { service, candidate, plan } = release.facts;
  const traffic = release.phase === 'proposed' ? queries.traffic(service, clock()) : undefined;
  const build = queries.registeredVersion(service, candidate);
  return releaseCard({
    ...standing(deps, release),
    release,
    windows: countedIn(deps, release),
    ...(traffic && { preview: previewPlan(plan, traffic) }),
    ...(build && { build }),
  });
}

export function drawAlert(deps: ReleaseViewDeps, release: Release): View {
  const { kill } = release.facts.plan.rollback;
  const switchesOn = deps.queries
    .killSwitches()
    .filter(({ name, isOn }) => isOn && kill.includes(name))
    .map(({ name }) => name);
  const windows = countedIn(deps, release);
  const reviews = deps.queries.reviewsOf(release.facts.id);
  return alertMessage({ ...standing(deps, release), release, switchesOn, windows, reviews });
}

const WINDOWS_MAX = 120;

const countedIn = ({ queries }: ReleaseViewDeps, { facts }: Release) =>
  queries.windows(facts.id, WINDOWS_MAX).map(({ window }) => window);

function standing(
  { queries, settings }: ReleaseViewDeps,
  release: Release,
): Pick<AlertState, 'isCurrent' | 'isLocked' | 'settings'> {
  const { id, service: name, candidate } = release.facts;
  const service = queries.service(name);
  const known = settings().services.get(name);
  const left = 'from' in release ? release.from : candidate;
  const { live, crowned } = service ?? {};
  return {
    isCurrent: [live, crowned].some((one) => one?.facts.id === id),
    isLocked: service !== undefined && lockOn(service, left) !== undefined,
    ...(known && { settings: known }),
  };
}
