/** How services stand, from the database as it is now, whatever Slack has shown before. */
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { serviceNames } from '#adapters/slack/inbound/names.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { status as releaseStatus } from '#adapters/slack/views/headline.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import { isServing, type Release, stepAt } from '#domain/release.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { later } from '#domain/time.ts';

type StatusDeps = Pick<AnswerDeps, 'queries' | 'settings' | 'clock'>;

/** One service in full. */
export function statusOf(deps: StatusDeps, name: string): Outcome {
  const found = findService(deps, name);
  return found.ok ? yes(inFull(deps, found.value)) : found;
}

/** Every service in a line. */
export function overview(deps: StatusDeps): string {
  const services = deps.queries.services().filter(({ archived }) => !archived);
  if (services.length === 0)
    return 'There are no services yet. Name them in signalman.yml and reload.';
  return [...services.map(inALine), ...switchLines(deps)].join('\n');
}

/** The releases that are in progress, and those whose outcome is still watched. */
export function releasesInProgress(deps: StatusDeps): string {
  const lines = deps.queries.services().flatMap(({ live, crowned }) => {
    if (live) return [releaseLine(live)];
    return crowned?.phase === 'completed' && !crowned.watchOver ? [releaseLine(crowned)] : [];
  });
  return lines.length > 0
    ? lines.join('\n')
    : 'No release is in progress. `/rollout start` begins one, `/rollout status` shows every service.';
}

export function findService(
  { queries, settings }: Pick<StatusDeps, 'queries' | 'settings'>,
  name: string,
): Result<Service, { code: 'unknown_service'; service: string; known: readonly string[] }> {
  const service = queries.service(name);
  if (service) return yes(service);
  return no({ code: 'unknown_service', service: name, known: serviceNames({ settings }) });
}

const stableWords = ({ stable }: Service) =>
  `stable: ${stable === undefined ? 'none yet' : fromPerson(stable)}`;

function inALine(service: Service): string {
  const { name, live } = service;
  const release = live
    ? ` · #${live.facts.id} ${fromPerson(live.facts.candidate)} ${releaseStatus(live)}`
    : '';
  return `*${fromPerson(name)}* ${stableWords(service)}${release}`;
}

function releaseLine(release: Release): string {
  const { id, service, stable, candidate, plan } = release.facts;
  return `#${id} *${fromPerson(service)}* ${fromPerson(stable)} → ${fromPerson(candidate)} (${plan.strategy}): ${releaseStatus(release)}`;
}

function inFull(deps: StatusDeps, service: Service): string {
  const { name, live, crowned, former, locks, archived, applied } = service;
  const release =
    live ?? (crowned?.phase === 'completed' && !crowned.watchOver ? crowned : undefined);
  const locked = locks.filter((lock) => !lock.unlocked);
  return [
    `*${fromPerson(name)}*${archived ? ' (archived)' : ''}`,
    stableWords(service),
    ...(release ? releaseLines(deps, release) : ['No release is in progress.']),
    ...(applied && applied.weightPercent > 0
      ? [`Traffic as read back: ${fromPerson(applied.candidate)} ${applied.weightPercent} %.`]
      : []),
    ...(former.length > 0
      ? [`Can go back to: ${former.slice(0, VERSIONS_MAX).map(fromPerson).join(', ')}.`]
      : []),
    ...locked
      .slice(-VERSIONS_MAX)
      .map(
        (lock) => `Locked: ${fromPerson(lock.version)} (${fromPerson(inPlainWords(lock.reason))}).`,
      ),
    ...switchLines(deps, name),
  ].join('\n');
}

const VERSIONS_MAX = 5;

function releaseLines({ clock }: StatusDeps, release: Release): readonly string[] {
  const { verdict, facts } = release;
  if (!isServing(release)) return [releaseLine(release)];
  const overAt = later(release.since, stepAt(facts.plan, release.step).dwellMs);
  const dwell =
    overAt > clock()
      ? `This step lasts at least until ${whenWords(overAt)}.`
      : 'The least time of this step is over.';
  return [releaseLine(release), dwell, ...(verdict ? [verdictWords(verdict)] : [])];
}

/** The switches that stop this service, or without a name every one that is on. */
function switchLines({ queries }: StatusDeps, service?: string): readonly string[] {
  return queries
    .killSwitches()
    .filter(({ isOn }) => isOn)
    .filter(({ name }) => service === undefined || name === service || isGlobalSwitch(name))
    .map(
      ({ name, reason }) =>
        `:octagonal_sign: Kill switch “${fromPerson(name)}” is on: ${fromPerson(reason)}`,
    );
}
