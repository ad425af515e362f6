import type { Asker } from '#domain/actor.ts';
import { POLICY, trusted } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import type { Counts, Reading } from '#domain/evidence.ts';
import type { Plan } from '#domain/plan.ts';
import type { Phase, Release } from '#domain/release.ts';
import type { JudgedWindow, Service, ServiceIntent } from '#domain/service.ts';
import { asInstant, HOUR_MS, type Instant, later, MINUTE_MS } from '#domain/time.ts';

export const noon = asInstant(Date.UTC(2026, 10, 20, 12));
export const minutesAfterNoon = (minutes: number) => later(noon, minutes * MINUTE_MS);

const person = (id: string, roles: Partial<Asker> = {}): Asker => ({
  actor: { kind: 'user', id },
  membership: 'full',
  operator: false,
  approver: false,
  fresh: true,
  ...roles,
});

/** Ana starts releases, Bo approves, Chidi is on call without a role, Gwen is a guest. */
export const ana = person('U0ANA', { operator: true });
export const bo = person('U0BO', { approver: true });
export const sam = person('U0SAM', { operator: true, approver: true });
export const chidi = person('U0CHIDI');
export const gwen = person('U0GUEST', { membership: 'guest' });
export const policy = trusted(POLICY);

export const aPlan = (about: Partial<Plan> = {}): Plan => ({
  strategy: 'canary',
  steps: [1, 10, 50, 100].map((weightPercent) => ({
    weightPercent,
    dwellMs: HOUR_MS,
    approval: true,
  })),
  testers: [],
  unattendedFull: false,
  metrics: { source: 'agent-logs' },
  guards: [{ name: 'error_rate', limit: 0.05 }],
  customGuards: [],
  riskBudget: 0.02,
  onThinEvidence: 'ask',
  rollback: {
    mode: 'auto',
    askTimeoutMs: 10 * MINUTE_MS,
    lockCandidate: true,
    stabilityWindowMs: 30 * MINUTE_MS,
    kill: [],
  },
  maxHoldMs: 72 * HOUR_MS,
  holdbackPercent: 0,
  watchMs: 48 * HOUR_MS,
  pollMs: MINUTE_MS,
  bucketing: 1,
  ...about,
});

export const aService = (about: Partial<Service> = {}): Service => ({
  name: 'support-agent',
  archived: false,
  stable: '2.3.3',
  former: ['2.3.2'],
  locks: [],
  nextReleaseId: 12,
  ...about,
});

type Ask = Partial<Extract<ServiceIntent, { to: 'start' }>>;
export const start = (about: Ask = {}): ServiceIntent => ({
  to: 'start',
  by: ana,
  candidate: '2.4.0',
  plan: aPlan(),
  digest: 'digest',
  note: '',
  ...about,
});

type Approve = Partial<Extract<ServiceIntent, { to: 'approve' }>>;
export const approve = (step: number, about: Approve = {}): ServiceIntent => ({
  to: 'approve',
  by: bo,
  release: 12,
  step,
  digest: 'digest',
  ...about,
});

/** Running totals of both arms, all from the start of the world. */
export const totals = (requests: number, errors = 0): Counts => ({
  requests,
  errors,
  tool_calls: 0,
  tool_failures: 0,
});

export const reading = (at: Instant, candidate: Counts, stable: Counts): Reading => ({
  says: 'counted',
  at,
  candidate,
  stable,
});

export const aJudgedWindow = (about: Partial<JudgedWindow> = {}): JudgedWindow => ({
  release: 12,
  step: 0,
  window: {
    ...{ from: noon, to: minutesAfterNoon(1), weightPercent: 1 },
    ...{ candidate: totals(10), stable: totals(90, 1) },
  },
  verdict: {
    ...{ says: 'hold', reason: 'not_enough_evidence', words: 'More has to be seen.' },
    figures: { logEvidence: 0, lines: [], windows: 1, windowsInStep: 1, overMs: MINUTE_MS },
  },
  ...about,
});

export const observe = (
  seen: Reading,
  about: { release?: number; history?: Counts[]; lookMs?: number } = {},
): ServiceIntent => ({
  to: 'observe',
  by: policy,
  release: 12,
  reading: seen,
  ...about,
});

/** Decides one after the other and insists that each is possible; the story of a release so far. */
export function having(
  service: Service,
  ...story: readonly (readonly [ServiceIntent, Instant])[]
): Service {
  return story.reduce((state, [intent, at]) => {
    const decision = decideService(state, intent, at);
    if (!decision.ok)
      throw new Error(`${intent.to} was refused: ${JSON.stringify(decision.refusal)}`);
    return decision.value.next;
  }, service);
}

export const liveOf = (service: Service): Release => {
  if (!service.live) throw new Error('there is no live release');
  return service.live;
};

export const phaseOf = (service: Service): Phase | undefined =>
  (service.live ?? service.crowned)?.phase;
