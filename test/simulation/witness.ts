/**
 * Watches every commit and says so when something happened that may never happen. It keeps books of
 * its own, from what people did and what was counted, and asks the code for nothing but states.
 */
import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import type { Reading } from '#domain/evidence.ts';
import { isServing, type Release, stepAt, weightAt, weightOf } from '#domain/release.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import type { Told } from '#test/simulation/faulty-slack.ts';
import { createFlagWitness } from '#test/simulation/flag-witness.ts';

export type Seen = {
  readonly at: Instant;
  /** Who wanted it; the policy's polls have none. */
  readonly intent: ServiceIntent | undefined;
  readonly audit: AuditDraft | undefined;
  readonly inboxKey?: string;
};

type Since = { readonly at: Instant; readonly commit: number };
type LastSaid = (service: string, candidate: string) => Reading | undefined;

export function createWitness(lastSaid: LastSaid) {
  const broken: string[] = [];
  const ended = new Map<number, string>();
  const stopped = new Set<number>();
  const askers = new Map<number, Set<string>>();
  const grants = new Map<number, number>();
  /** Since when the present step has been going on without a pause, by the wall and by commits. */
  const goingOn = new Map<number, Since>();
  /** With which commit a release was looked at last; commits never go back, as the wall may. */
  const looked = new Map<number, number>();
  const executed = new Set<string>();
  const toTell = new Map<string, Effect[]>();
  const toldOf = new Map<string, number>();
  const toldIds = new Set<number>();
  const counts = { commits: 0, started: 0, entered: 0, completed: 0, rolledBack: 0, told: 0 };

  const must = (holds: boolean, words: string) => {
    if (!holds) broken.push(words);
  };

  function service(before: Service | undefined, after: Service, seen: Seen): void {
    const { audit, intent, at } = seen;
    if (audit?.outcome === 'done') remember(before, after, seen);
    if (!before) return;
    const from = before.live;
    const to = releaseIn(after, from?.facts.id) ?? after.live;
    if (to && to.facts.id === from?.facts.id && to !== from) mustBeNoStepBack(from, to);
    if (to && to.verdictAt !== from?.verdictAt) looked.set(to.facts.id, counts.commits);
    for (const release of [after.live, after.crowned, after.ended])
      if (release) mustStayEnded(release);
    if (to && hasEntered(from, to)) {
      counts.entered += 1;
      mustBeAllowed(before, from, to, { intent, audit, at });
      goingOn.set(to.facts.id, { at, commit: counts.commits });
    }
    if (after.stable !== before.stable && audit?.action !== 'rollback')
      must(to?.phase === 'completed', `stable became ${after.stable} without a completion`);
    mustNotServeLocked(after);
    const isMaterial =
      from?.phase !== after.live?.phase ||
      stepOf(from) !== stepOf(after.live) ||
      before.stable !== after.stable ||
      before.locks !== after.locks ||
      from?.approvals !== after.live?.approvals;
    must(!isMaterial || audit !== undefined, 'a change left no entry in the register');
  }

  function remember(
    before: Service | undefined,
    after: Service,
    { audit, intent, at }: Seen,
  ): void {
    const about = after.live ?? after.crowned;
    const id = audit?.target.release ?? about?.facts.id;
    if (!audit || id === undefined) return;
    if (audit.action === 'start') counts.started += 1;
    if (audit.action === 'start' || audit.action === 'promote')
      askers.set(id, (askers.get(id) ?? new Set()).add(audit.actor.id));
    if (audit.action === 'pause' || audit.action === 'stop_asked') grants.delete(id);
    if (audit.action === 'rollback') counts.rolledBack += 1;
    if (before?.live && after.crowned?.facts.id === before.live.facts.id) counts.completed += 1;
    if (audit.action === 'resume') goingOn.set(id, { at, commit: counts.commits });
    if (intent?.to === 'approve') grants.set(id, intent.upToStep ?? intent.step);
  }

  function mustStayEnded(release: Release): void {
    const { id } = release.facts;
    const was = ended.get(id);
    must(was === undefined || was === release.phase, `#${id} was ${was}, is ${release.phase}`);
    if (['rolled_back', 'aborted', 'declined'].includes(release.phase))
      ended.set(id, release.phase);
  }

  function mustBeNoStepBack(from: Release, to: Release): void {
    const { id } = to.facts;
    if (to.verdict?.says === 'stop') stopped.add(id);
    if (to.verdict?.reason === 'suspicion' || stopped.has(id)) grants.delete(id);
    must(to.facts === from.facts || same(to.facts, from.facts), `the plan of #${id} changed`);
    if (isServing(from) && isServing(to))
      must(to.step >= from.step, `#${id} went from step ${from.step} to ${to.step}`);
  }

  /** The one rule: exposure grows through an approval, or an advance that is allowed. */
  function mustBeAllowed(
    before: Service,
    from: Release | undefined,
    to: Release,
    { intent, audit, at }: Pick<Seen, 'intent' | 'audit' | 'at'>,
  ): void {
    const { id, plan, candidate, service: name } = to.facts;
    const step = to.phase === 'completed' ? plan.steps.length : (stepOf(to) ?? 0);
    const what = `#${id} entered step ${step} of ${plan.steps.length} by ${audit?.action}`;
    must(!stopped.has(id), `${what} although it was stopped`);
    must(
      !before.locks.some((lock) => lock.version === candidate && !lock.unlocked),
      `${what} although ${candidate} is locked`,
    );
    must(from?.phase !== 'paused', `${what} although it is paused`);
    if (intent?.to === 'approve') {
      mustBeSecondPerson(from, { intent, what, at });
      return;
    }
    if (audit?.action === 'start') {
      must(step === 0 && !needsPerson(to, 0), `${what} without an approval`);
      must(intent?.by.operator === true && intent.by.fresh, `${what} by nobody who may`);
      return;
    }
    must(audit?.action === 'advance' || audit?.action === 'promote', `${what}, which is no way in`);
    const granted = grants.get(id) ?? -1;
    const isLast = step < plan.steps.length && weightAt(plan, step) === 100;
    const isCovered = step <= granted && (!isLast || plan.unattendedFull);
    must(!needsPerson(to, step) || isCovered, `${what} without an approval`);
    must(to.verdict?.says === 'allow', `${what} on ${to.verdict?.says}`);
    if (!from || !isServing(from)) {
      must(false, `${what} from ${from?.phase}`);
      return;
    }
    const { dwellMs } = stepAt(plan, from.step);
    const passedMs = Math.max(0, at - (goingOn.get(id)?.at ?? at));
    must(passedMs >= dwellMs, `${what} ${passedMs} ms after the one before`);
    mustBeLookedAt(id, what);
    // With testers alone there is nothing to count.
    if (audit?.action === 'advance' && weightOf(from) > 0)
      must(lastSaid(name, candidate)?.says === 'counted', `${what} although nothing was counted`);
  }

  function mustBeSecondPerson(
    from: Release | undefined,
    {
      intent,
      what,
      at,
    }: { intent: Extract<ServiceIntent, { to: 'approve' }>; what: string; at: Instant },
  ): void {
    const { by, digest } = intent;
    must(by.actor.kind === 'user' && by.approver && by.fresh, `${what} by nobody who may approve`);
    must(by.membership === 'full', `${what} by a ${by.membership}`);
    if (!from) {
      must(false, `${what} out of nothing`);
      return;
    }
    must(!askers.get(from.facts.id)?.has(by.actor.id), `${what} by who asked for it`);
    must(digest === from.facts.digest, `${what} with the digest of another plan`);
    if (!isServing(from)) return;
    const { verdict, verdictAt = 0 } = from;
    mustBeLookedAt(from.facts.id, what);
    must(at - verdictAt < 10 * MINUTE_MS, `${what} on an old verdict`);
    const isThin = verdict?.reason === 'not_enough_evidence';
    must(verdict?.says === 'allow' || isThin, `${what} on ${verdict?.reason}`);
  }

  function mustBeLookedAt(id: number, what: string): void {
    const since = goingOn.get(id)?.commit ?? 0;
    must((looked.get(id) ?? -1) > since, `${what} on a verdict of before`);
  }

  function mustNotServeLocked({ stable, live, locks }: Service): void {
    const isLocked = (version: string | undefined) =>
      locks.some((lock) => lock.version === version && !lock.unlocked);
    must(!isLocked(stable), `stable is ${stable}, which is locked`);
    if (live && isServing(live))
      must(!isLocked(live.facts.candidate), `${live.facts.candidate} is served and locked`);
  }

  return {
    broken,
    counts,
    must,
    service,
    flag: createFlagWitness(must),
    /** Called for whatever a decision wrote: a request is decided once, and what is owed is noted. */
    committed: (owes: readonly Effect[], { inboxKey }: Pick<Seen, 'inboxKey'>) => {
      counts.commits += 1;
      if (inboxKey !== undefined) {
        must(!executed.has(inboxKey), `request ${inboxKey} was carried out twice`);
        executed.add(inboxKey);
      }
      for (const effect of owes) {
        if (!('tell' in effect)) continue;
        const lane = laneOfTelling(effect);
        toTell.set(lane, [...(toTell.get(lane) ?? []), effect]);
      }
    },
    told: ({ owed, effect }: Told) => {
      counts.told += 1;
      must(!toldIds.has(owed), `effect ${owed} was told twice`);
      toldIds.add(owed);
      const lane = laneOfTelling(effect);
      const place = toldOf.get(lane) ?? 0;
      toldOf.set(lane, place + 1);
      must(same(toTell.get(lane)?.[place], effect), `${lane} was told out of order`);
    },
    /** Once all is well again: whatever was owed has been told. */
    mustHaveToldAll: () => {
      for (const [lane, effects] of toTell)
        must(effects.length === toldOf.get(lane), `${lane} lost something that was owed`);
    },
  };
}

/** What has to be told in order, by our own reckoning. */
function laneOfTelling(effect: Extract<Effect, { tell: string }>): string {
  if (effect.tell !== 'channel') return `${effect.tell} ${'release' in effect && effect.release}`;
  const { notice, service } = effect;
  return 'name' in notice ? `switch ${notice.name}` : `channel ${service}`;
}

const releaseIn = ({ live, crowned, ended }: Service, id: number | undefined) =>
  [live, crowned, ended].find((release) => release?.facts.id === id);

const stepOf = (release: Release | undefined) =>
  release && isServing(release) ? release.step : undefined;

function hasEntered(from: Release | undefined, to: Release): boolean {
  if (to.phase === 'completed') return from?.facts.id === to.facts.id && from.phase !== 'completed';
  if (!isServing(to)) return false;
  if (from?.facts.id !== to.facts.id || !isServing(from)) return true;
  return to.step > from.step || weightOf(to) > weightOf(from);
}

/** As people read the plan: the step says so, or it is all of the traffic. */
function needsPerson({ facts: { plan } }: Release, step: number): boolean {
  const found = plan.steps[step];
  return (
    found !== undefined && (found.approval || (found.weightPercent === 100 && !plan.unattendedFull))
  );
}

const same = (one: unknown, other: unknown) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
