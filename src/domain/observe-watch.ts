import { alerting, look, type Observe } from '#domain/look.ts';
import type { In } from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import { type Decision, type Service, unchanged, withRelease } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';

/** After completion only absolute limits can speak, so a stop asks people instead of acting. */
export function observeWatch(
  service: Service,
  release: In<'completed'>,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  if (release.watchOver) return unchanged(service);
  const { id } = release.facts;
  const { release: seen, verdict, judged } = look(release, intent, at);
  const record = judged ? { judged } : {};
  if (verdict.says === 'stop' && (!seen.incident || seen.incident.closedAt))
    return yes({
      ...record,
      next: withRelease(service, { ...seen, incident: { openedAt: at } }),
      audit: releaseEntry(release, {
        by: intent.by,
        at,
        action: 'watch_stop',
        reason: verdict.words,
        details: { verdict: verdictDetails(verdict) },
      }),
      owes: [alerting(release, { what: 'watch_stop', verdict }), { sync: 'card', release: id }],
    });
  if (at < release.watchUntil)
    return yes({ ...record, next: withRelease(service, seen), owes: [] });
  return yes({
    ...record,
    next: withRelease(service, { ...seen, watchOver: true }),
    audit: releaseEntry(release, {
      by: intent.by,
      at,
      action: 'watch_over',
      reason: verdict.words,
    }),
    owes: [
      { tell: 'thread', release: id, notice: { what: 'watch_over' } },
      { sync: 'card', release: id },
    ],
  });
}
