import type { Alert, Effect } from '#domain/effect.ts';
import type { Release } from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import {
  type Decision,
  type IntentTo,
  type Service,
  unchanged,
  withRelease,
} from '#domain/service.ts';
import { type Instant, inWords } from '#domain/time.ts';

/** An alert that wants somebody: should nobody see it in time, that is owed as well. */
export const raising = ({ facts: { id } }: Release, alert: Alert): readonly Effect[] => [
  { tell: 'alert', release: id, alert },
  { sync: 'escalation', release: id },
];

/** Nobody has acknowledged the incident or acted on it, and it is told to a second channel once. */
export function isUnseen(release: Release): boolean {
  const { incident } = release;
  if (!incident || incident.closedAt !== undefined) return false;
  if (incident.acknowledgedBy || incident.escalatedAt !== undefined) return false;
  // Whoever started a rollback knows of it.
  return !('to' in release) || release.by.kind === 'policy';
}

/** An alert went on to the second channel, and its own thread says so. */
export function noteEscalation(
  service: Service,
  { by, release: id, waitedMs, paged }: IntentTo<'escalate'>,
  at: Instant,
): Decision<Service> {
  const release = [service.live, service.crowned].find((one) => one?.facts.id === id);
  // Somebody was faster: that a page is on its way as well does no harm.
  if (!release?.incident || !isUnseen(release)) return unchanged(service);
  return yes({
    next: withRelease(service, {
      ...release,
      incident: { ...release.incident, escalatedAt: at },
    }),
    audit: releaseEntry(release, {
      by,
      at,
      action: 'escalate',
      reason: `nobody acknowledged the alert for ${inWords(waitedMs)}`,
      details: { second_channel: paged },
    }),
    owes: [{ tell: 'alert', release: id, alert: { what: 'unseen', waitedMs, paged } }],
  });
}
