import { raising } from '#domain/incident.ts';
import { alerting, look, type Observe } from '#domain/look.ts';
import { type In, withoutWatch } from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import {
  type Change,
  type Decision,
  type Service,
  unchanged,
  withRelease,
} from '#domain/service.ts';
import { HOUR_MS, type Instant, later } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

/** After completion only absolute limits can speak, so a stop asks people instead of acting. */
export function observeWatch(
  service: Service,
  release: In<'completed'>,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  if (release.watchOver) return unchanged(service);
  const { release: seen, verdict, judged } = look(release, intent, at);
  const watched = { service, release: seen, verdict, by: intent.by, at };
  const change = follow(watched);
  return yes(judged ? { ...change, judged } : change);
}

type Watched = {
  readonly service: Service;
  readonly release: In<'completed'>;
  readonly verdict: Verdict;
  readonly by: Observe['by'];
  readonly at: Instant;
};

function follow(watched: Watched): Change<Service> {
  const { service, release, verdict, at } = watched;
  const { incident, watchUntil } = release;
  const isOpen = incident !== undefined && incident.closedAt === undefined;
  if (verdict.says === 'stop' && !isOpen) return raise(watched);
  if (at < watchUntil) return { next: withRelease(service, release), owes: [] };
  return isOpen && !incident.acknowledgedBy ? extend(watched) : end(watched);
}

function raise(watched: Watched): Change<Service> {
  const { release, verdict, at } = watched;
  return {
    next: withRelease(watched.service, { ...release, incident: { openedAt: at } }),
    audit: entry(watched, 'watch_stop'),
    owes: [...raising(release, { what: 'watch_stop', verdict }), syncCard(release)],
  };
}

const EXTENDED_MS_MIN = HOUR_MS;

/** A broken guard that nobody has seen is no end: the watch goes on, and the alert says so again. */
function extend(watched: Watched): Change<Service> {
  const { release, at } = watched;
  const until = later(at, Math.max(release.facts.plan.watchMs, EXTENDED_MS_MIN));
  return {
    next: withRelease(watched.service, { ...release, watchUntil: until }),
    audit: entry(watched, 'watch_extended'),
    owes: [alerting(release, { what: 'watch_extended', until }), syncCard(release)],
  };
}

/** Somebody saw that a guard broke and left the version where it is; everything says so. */
function end(watched: Watched): Change<Service> {
  const { release, verdict, at } = watched;
  const { id } = release.facts;
  const seenBy = release.incident?.acknowledgedBy;
  const isBroken = verdict.says === 'stop';
  return {
    next: withRelease(watched.service, withoutWatch(release, at)),
    audit: entry(watched, 'watch_over'),
    owes: [
      {
        tell: 'thread',
        release: id,
        notice: { what: 'watch_over', ...(isBroken && { stop: verdict }) },
      },
      ...(seenBy ? [alerting(release, { what: 'watch_over', seenBy })] : []),
      syncCard(release),
    ],
  };
}

const syncCard = ({ facts }: In<'completed'>) => ({ sync: 'card', release: facts.id }) as const;

function entry({ release, verdict, by, at }: Watched, action: string) {
  const numbers = verdict.says === 'stop' && { details: { verdict: verdictDetails(verdict) } };
  return releaseEntry(release, { by, at, action, reason: verdict.words, ...numbers });
}
