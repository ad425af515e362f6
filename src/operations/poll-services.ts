import { POLICY, trusted } from '#domain/actor.ts';
import type { Counts, Reading } from '#domain/evidence.ts';
import { splitName } from '#domain/name.ts';
import { isServing, type Release } from '#domain/release.ts';
import { intentsIn } from '#domain/release-rules.ts';
import type { Service } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import type { Instant } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';
import type { MetricsQuestion, MetricsReader } from '#operations/metrics-source.ts';
import { type SteerDeps, steerService } from '#operations/steer-service.ts';
import { createTurns, type TakeTurn } from '#operations/turns.ts';
import type { Queries } from '#store/queries.ts';

export type PollDeps = SteerDeps & {
  readonly queries: Pick<Queries, 'polledServices' | 'service'>;
  readonly metrics: MetricsReader;
  readonly defaultEnvironment: () => string;
  readonly settings: () => Pick<Settings, 'pollMs'>;
  readonly log: Logger;
};

type PollTurnDeps = PollDeps & { readonly turn: TakeTurn };

/** Polls kept of stable's past: three hours at one a minute, so that clustered errors are known. */
const HISTORY_WINDOWS = 180;

export type Polled = { readonly services: number; readonly failed: number };

/**
 * Looks at every service with a release that has traffic, or a new stable that is being watched.
 * One that fails keeps the others from nothing: its release simply holds until the next poll.
 */
export async function pollServices(deps: PollDeps): Promise<Polled> {
  const names = deps.queries.polledServices();
  const turn = createTurns();
  const outcomes = await Promise.allSettled(
    names.map((name) => pollService({ ...deps, turn }, name)),
  );
  let failed = 0;
  outcomes.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled') return;
    failed += 1;
    deps.log.error({ service: names[index], err: outcome.reason }, 'A poll failed');
  });
  return { services: names.length, failed };
}

async function pollService(deps: PollTurnDeps, name: string): Promise<void> {
  await deps.turn();
  const service = deps.queries.service(name);
  if (!service) return;
  for (const release of lookedAt(service)) await pollRelease(deps, service, release);
}

/** A proposal has nothing to look at, and a new stable stays watched when the next one begins. */
function lookedAt({ live, crowned }: Service): readonly Release[] {
  const isWatched = crowned?.phase === 'completed' && !crowned.watchOver;
  return [
    ...(live && intentsIn(live.phase).includes('observe') ? [live] : []),
    ...(isWatched ? [crowned] : []),
  ];
}

async function pollRelease(deps: PollTurnDeps, service: Service, release: Release): Promise<void> {
  const question = questionOf(deps, service, release, deps.clock());
  const reading = await deps.metrics.read(question);
  // Sources answer all at the same time, and what they said is judged one after the other.
  await deps.turn();
  const history = await historyOf(deps, release, question, reading);
  await steerService(deps, {
    service: service.name,
    intent: {
      to: 'observe',
      by: trusted(POLICY),
      release: release.facts.id,
      reading,
      lookMs: deps.settings().pollMs,
      ...(history && { history }),
    },
  });
}

/** The past is read once, when the evidence of a release is opened. */
async function historyOf(
  { metrics }: PollDeps,
  release: Release,
  question: MetricsQuestion,
  reading: Reading,
): Promise<readonly Counts[] | undefined> {
  if (release.evidence !== null || reading.says === 'unknown') return undefined;
  return await metrics.history(question, HISTORY_WINDOWS, question.pollMs);
}

function questionOf(
  { defaultEnvironment }: PollDeps,
  service: Service,
  release: Release,
  at: Instant,
): MetricsQuestion {
  const { base, environment } = splitName(service.name);
  const { plan, candidate, stable } = release.facts;
  return {
    service: base,
    environment: environment ?? defaultEnvironment(),
    candidate: 'from' in release ? release.from : candidate,
    stable: 'to' in release ? release.to : stable,
    metrics: plan.metrics,
    customGuards: plan.customGuards,
    pollMs: plan.pollMs,
    at,
    ...(isServing(release) && { inStep: { release: release.facts.id, step: release.step } }),
  };
}
