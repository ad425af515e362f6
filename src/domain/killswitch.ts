import type { Actor, Asker } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { whyNot } from '#domain/permission.ts';
import { no, yes } from '#domain/result.ts';
import type { Decision } from '#domain/service.ts';
import { elapsedMs, type Instant, SECOND_MS } from '#domain/time.ts';

/** Stops actions or traffic without changing the version. `global` stops everything. */
export type KillSwitch = {
  readonly name: string;
  readonly isOn: boolean;
  readonly reason: string;
  /** Absent for a switch that nobody ever touched. */
  readonly changedBy?: Actor;
  readonly changedAt?: Instant;
};

export type KillIntent = {
  readonly to: 'on' | 'off';
  readonly by: Asker;
  readonly reason: string;
  /** A rollback may throw switches that are on already; nobody needs to hear of that. */
  readonly becauseOfRelease?: number;
  /** When it was written down, for a kill that acted before it could be. */
  readonly recordedAt?: Instant;
};

/** Sooner than this it is no news that something acted before it was written down. */
const LATE_MS = SECOND_MS;

export const untouched = (name: string): KillSwitch => ({ name, isOn: false, reason: '' });

/** Anyone who is a full member may stop; switching off needs an operator whose role was just read. */
export function decideKill(
  killSwitch: KillSwitch,
  intent: KillIntent,
  at: Instant,
): Decision<KillSwitch> {
  const { by, reason } = intent;
  const forbidden = whyNot(by, intent.to === 'on' ? 'kill_on' : 'kill_off');
  if (forbidden) return no(forbidden);
  const { name, isOn } = killSwitch;
  if (intent.to === 'on') {
    if (isOn) return no({ code: 'already_on', name, reason: killSwitch.reason });
    if (!reason) return no({ code: 'reason_missing' });
  } else {
    if (by.actor.kind === 'token') return no({ code: 'off_needs_a_person', name });
    if (!isOn) return no({ code: 'already_off', name });
  }
  const what = intent.to === 'on' ? 'kill_on' : 'kill_off';
  return yes({
    next: { name, isOn: intent.to === 'on', reason, changedBy: by.actor, changedAt: at },
    audit: entry(killSwitch, intent, at),
    owes: [{ tell: 'channel', notice: { what, name, by: by.actor, reason } }],
  });
}

function entry(killSwitch: KillSwitch, intent: KillIntent, at: Instant): AuditDraft {
  const { becauseOfRelease: release, recordedAt = at } = intent;
  const isLate = elapsedMs(at, recordedAt) > LATE_MS;
  return {
    at,
    actor: intent.by.actor,
    action: intent.to === 'on' ? 'kill_on' : 'kill_off',
    target: { killswitch: killSwitch.name, ...(release !== undefined && { release }) },
    from: killSwitch.isOn ? 'on' : 'off',
    to: intent.to,
    reason: intent.reason,
    outcome: 'done',
    ...(isLate && { details: { recorded_late: new Date(recordedAt).toISOString() } }),
  };
}
