import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import { givesServiceMore } from '#domain/exposure.ts';
import { isServing, type Release, weightOf } from '#domain/release.ts';
import { lockOn, type Service, type ServiceIntent } from '#domain/service.ts';
import { asInstant, type Instant, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  aService,
  bo,
  chidi,
  gwen,
  noon,
  policy,
  reading,
  sam,
  totals,
} from '#test/support/builders.ts';

/** Any plan: short dwells, so that histories get somewhere, and every choice people have. */
const anyPlan = fc
  .record({
    weights: fc.constantFrom([1, 10, 100], [0, 5, 50, 100], [100], [10, 20, 30]),
    approval: fc.boolean(),
    unattendedFull: fc.boolean(),
    onThinEvidence: fc.constantFrom('ask', 'hold'),
    mode: fc.constantFrom('auto', 'ask'),
  })
  .map(({ weights, approval, mode, unattendedFull, onThinEvidence }) =>
    aPlan({
      unattendedFull,
      onThinEvidence: onThinEvidence as 'ask' | 'hold',
      steps: weights.map((weightPercent) => ({ weightPercent, dwellMs: MINUTE_MS, approval })),
      rollback: { ...aPlan().rollback, mode: mode as 'auto' | 'ask', stabilityWindowMs: MINUTE_MS },
      watchMs: 10 * MINUTE_MS,
      // About as far apart as looks are drawn, or every recovery would begin anew at each of them.
      pollMs: 10 * MINUTE_MS,
    }),
  );

const anybody = fc.constantFrom(
  ana,
  bo,
  sam,
  chidi,
  gwen,
  { ...sam, fresh: false },
  { ...chidi, membership: 'unknown' as const },
);

/** What comes in is drawn; what it is about is filled in from the state, rightly or nearly so. */
type Draw = {
  readonly what: string;
  readonly stranger: typeof ana | undefined;
  readonly off: number;
  readonly requests: number;
  readonly errors: number;
  readonly afterMinutes: number;
};
const anyDraw: fc.Arbitrary<Draw> = fc.record({
  what: fc.constantFrom(
    'start',
    'approve',
    'approve',
    'approve',
    'approve up to',
    'decline',
    'promote',
    'promote',
    'pause',
    'resume',
    'abort',
    'rollback',
    'rollback to',
    'unlock',
    'acknowledge',
    'observe',
    'observe',
    'observe',
    'observe',
    'observe',
    'observe',
    'blind',
    'traffic',
    'traffic',
  ),
  // Mostly the person whose task it is, or else histories would be refusals from end to end.
  stranger: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: anybody },
  ),
  off: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1),
  requests: fc.constantFrom(0, 3, 300, 3_000),
  errors: fc.constantFrom(0, 0, 0.01, 0.01, 0.5),
  afterMinutes: fc.nat(5),
});

type World = { service: Service; at: Instant; candidate: number; bad: number; stable: number };

function intentOf(draw: Draw, world: World, plan: ReturnType<typeof aPlan>): ServiceIntent {
  const { service } = world;
  const { off } = draw;
  const by = draw.stranger ?? (draw.what.startsWith('approve') ? bo : ana);
  const about = service.live ?? service.crowned;
  const release = (about?.facts.id ?? 0) + off;
  const step = about && 'ask' in about && about.ask ? about.ask.step : off;
  const approve = { to: 'approve', by, release, step, digest: 'digest' } as const;
  const versions = ['2.4.0', '2.5.0', service.stable ?? ''];
  switch (draw.what) {
    case 'start':
      return {
        to: 'start',
        by,
        candidate: versions[off] ?? '2.4.0',
        plan,
        digest: 'digest',
        note: '',
      };
    case 'approve':
      return approve;
    case 'approve up to':
      return { ...approve, upToStep: step + 2 };
    case 'promote':
      return { to: 'promote', by };
    case 'acknowledge':
      return { to: 'acknowledge', by, release };
    case 'unlock':
      return { to: 'unlock', by, version: versions[off] ?? '', reason: 'looked into it' };
    case 'rollback to':
      return { to: 'rollback', by, version: service.former[off] ?? '9.9.9', reason: '' };
    case 'decline':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'rollback':
      return { to: draw.what, by, reason: '' };
    case 'blind': {
      const blind = { says: 'unknown', reason: 'source_down', detail: '' } as const;
      return { to: 'observe', by: policy, release, reading: blind };
    }
    case 'traffic': {
      const weightPercent = service.live && isServing(service.live) ? weightOf(service.live) : 0;
      const applied = { stable: service.stable ?? '', candidate: '', weightPercent };
      return { to: 'confirm_traffic', by: policy, applied };
    }
    default: {
      world.candidate += draw.requests;
      world.bad += Math.round(draw.requests * draw.errors);
      world.stable += 3_000;
      const seen = reading(
        world.at,
        totals(world.candidate, world.bad),
        totals(world.stable, Math.round(world.stable / 100)),
      );
      return { to: 'observe', by: policy, release, reading: seen, history: [] };
    }
  }
}

/** What is withheld when nothing may go forward, and what works whatever is wrong. */
const GIVING = ['start', 'approve', 'resume', 'unlock'];
const TAKING = ['pause', 'rollback', 'abort', 'decline', 'acknowledge', 'confirm_traffic'];

/** The candidate's share, with completion as all of it. */
const exposureOf = (service: Service) => (service.live ? weightOf(service.live) : 0);
const isEnd = ({ phase }: Release) => ['rolled_back', 'aborted', 'declined'].includes(phase);

test('over any history exposure grows only by an approval or an allowed advance', () => {
  const seen = { grew: 0, completed: 0, rolledBack: 0 };
  fc.assert(
    fc.property(anyPlan, fc.array(anyDraw, { minLength: 30, maxLength: 120 }), (plan, history) => {
      const world: World = { service: aService(), at: noon, candidate: 0, bad: 0, stable: 0 };
      const ended = new Set<number>();
      for (const draw of history) {
        world.at = asInstant(world.at + draw.afterMinutes * MINUTE_MS);
        const before = world.service;
        const intent = intentOf(draw, world, plan);
        const decision = decideService(before, intent, world.at);
        if (!decision.ok) continue;
        const after = decision.value.next;
        const { live } = after;

        const grew = exposureOf(after) > exposureOf(before);
        if (grew) {
          seen.grew += 1;
          expect(mayRaise(intent, after)).toBe(true);
        }
        if (grew || GIVING.includes(intent.to)) expect(givesServiceMore(before, after)).toBe(true);
        if (TAKING.includes(intent.to)) expect(givesServiceMore(before, after)).toBe(false);
        if (after.stable !== before.stable && intent.to !== 'rollback') {
          seen.completed += 1;
          expect(isAllowed(after)).toBe(true);
        }
        if (live && isServing(live)) {
          expect(lockOn(after, live.facts.candidate)).toBeUndefined();
          expect(ended.has(live.facts.id)).toBe(false);
        }
        expect(lockOn(after, after.stable ?? '')).toBeUndefined();
        if (live && isEnd(live)) {
          ended.add(live.facts.id);
          seen.rolledBack += live.phase === 'rolled_back' ? 1 : 0;
        }
        world.service = settled(after);
      }
    }),
    { numRuns: 2_000 },
  );
  // A property over histories that never get anywhere would prove nothing.
  expect(seen.grew).toBeGreaterThan(50);
  expect(seen.completed).toBeGreaterThan(3);
  expect(seen.rolledBack).toBeGreaterThan(3);
});

/** What the store does between two decisions: ended releases are loaded no more. */
function settled(service: Service): Service {
  const { live, ended: _, ...rest } = service;
  const next = { ...rest, nextReleaseId: Math.max(rest.nextReleaseId, (live?.facts.id ?? 0) + 1) };
  return live && !isEnd(live) ? { ...next, live } : next;
}

function mayRaise(intent: ServiceIntent, after: Service): boolean {
  const { live } = after;
  if (live?.phase !== 'progressing') return false;
  const { plan } = live.facts;
  const entered = plan.steps[live.step];
  if (intent.to === 'approve') {
    const { by } = intent;
    return by.approver && by.fresh && !live.excluded.some(({ id }) => id === by.actor.id);
  }
  const isFull = entered?.weightPercent === 100 && !plan.unattendedFull;
  const isGranted = live.grantedUpTo !== undefined && live.step <= live.grantedUpTo;
  if (isFull || (entered?.approval && !isGranted)) return false;
  if (intent.to === 'start') return intent.by.operator && live.step === 0;
  return (intent.to === 'observe' || intent.to === 'promote') && live.verdict?.says === 'allow';
}

/** Completion is an advance too: on `allow`, or judged by two people. */
const isAllowed = ({ crowned }: Service) =>
  crowned?.phase === 'completed' && (crowned.verdict?.says === 'allow' || crowned.judged);
