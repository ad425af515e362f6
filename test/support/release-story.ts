/** Stories of a release as the decisions tell them, with everything they owed on the way. */
import { CLOCK, trusted } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { decideService } from '#domain/decide-service.ts';
import type { Alert, Effect, ThreadNotice } from '#domain/effect.ts';
import type { EvidenceWindow } from '#domain/evidence.ts';
import { type Release, weightOf } from '#domain/release.ts';
import { intentsIn } from '#domain/release-rules.ts';
import type { Change, Service, ServiceIntent } from '#domain/service.ts';
import { aService, minutesAfterNoon, observe, reading, totals } from '#test/support/builders.ts';

/** What a decision changed, and what was wanted. */
export type Told = {
  readonly minute: number;
  readonly to: ServiceIntent['to'];
  readonly change: Change<Service>;
};
type Rates = { readonly bad?: number; readonly requests?: number };

export function releaseStory(begin: Service = aService()) {
  let service = begin;
  let minute = 0;
  const owed: Effect[] = [];
  const entries: AuditDraft[] = [];
  const changes: Told[] = [];
  const windows: EvidenceWindow[] = [];
  const counted = { candidate: 0, candidateBad: 0, stable: 0, stableBad: 0 };
  const id = begin.nextReleaseId;

  const decide = (intent: ServiceIntent) => {
    const decision = decideService(service, intent, minutesAfterNoon(minute));
    if (!decision.ok)
      throw new Error(`${intent.to} was refused: ${JSON.stringify(decision.refusal)}`);
    service = decision.value.next;
    changes.push({ minute, to: intent.to, change: decision.value });
    owed.push(...decision.value.owes);
    if (decision.value.audit) entries.push(decision.value.audit);
    if (decision.value.judged) windows.push(decision.value.judged.window);
  };
  const release = (): Release => {
    const { live, crowned, ended } = service;
    const found = [live, crowned, ended].find((one) => one?.facts.id === id);
    if (!found) throw new Error(`the story has no release ${id}`);
    return found;
  };
  const story = {
    service: () => service,
    release,
    owed: () => owed,
    entries: () => entries,
    /** Every change in turn, with the minute after noon. */
    changes: () => changes,
    windows: () => windows,
    alerts: () =>
      owed.flatMap((one): Alert[] => ('tell' in one && one.tell === 'alert' ? [one.alert] : [])),
    notices: () =>
      owed.flatMap((one): ThreadNotice[] =>
        'tell' in one && one.tell === 'thread' ? [one.notice] : [],
      ),
    /** Somebody does something at this minute after noon. */
    at: (at: number, intent: ServiceIntent) => {
      minute = at;
      decide(intent);
      return story;
    },
    /** Traffic is where it is wanted, and was read back. */
    trafficIsBack: () => {
      const stable = service.stable ?? '';
      const applied = { stable, candidate: '', weightPercent: 0 };
      decide({ to: 'confirm_traffic', by: trusted(CLOCK), applied });
      return story;
    },
    /** Polls once a minute, until this minute after noon or the end of the release. */
    watchedUntil: (until: number, { bad = 0.01, requests = 3_000 }: Rates = {}) => {
      for (minute += 1; minute <= until && isObserved(release()); minute += 1) {
        count(release(), bad, requests);
        decide(observe(totalsNow(), { release: id, history: [] }));
      }
      minute = Math.min(minute, until);
      return story;
    },
  };

  function count(now: Release, bad: number, requests: number) {
    const share = now.phase === 'completed' ? 1 : weightOf(now) / 100;
    const given = Math.round(requests * share);
    counted.candidate += given;
    counted.candidateBad += Math.round(given * bad);
    counted.stable += requests - given;
    counted.stableBad += Math.round((requests - given) * 0.008);
  }
  const totalsNow = () =>
    reading(
      minutesAfterNoon(minute),
      totals(counted.candidate, counted.candidateBad),
      totals(counted.stable, counted.stableBad),
    );
  return story;
}

const isObserved = ({ phase }: Release) => intentsIn(phase).includes('observe');
