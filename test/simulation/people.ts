/** People who look, decide, and press something that was true when they looked. */
import type { Asker } from '#domain/actor.ts';
import type { Flag, FlagIntent } from '#domain/flag.ts';
import type { KillIntent } from '#domain/killswitch.ts';
import type { Plan } from '#domain/plan.ts';
import type { In, Release } from '#domain/release.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { Chance } from '#test/simulation/chance.ts';
import { APPROVAL_ABOVE_PERCENT } from '#test/simulation/flag-witness.ts';
import { ana, aPlan, bo, chidi, gwen, sam } from '#test/support/builders.ts';

/** A plan that is over within the hour, with every choice people have. */
export function anyPlan(chance: Chance): Plan {
  const weights = chance.oneOf(
    [50, 100],
    [1, 20, 100],
    [0, 100],
    [100],
    [10, 30],
    [5, 10, 50, 100],
  );
  const approval = chance.is(0.6);
  const steps = weights.map((weightPercent) => ({
    weightPercent,
    dwellMs: chance.whole(3) * MINUTE_MS,
    approval,
  }));
  return aPlan({
    steps,
    unattendedFull: chance.is(0.4),
    onThinEvidence: chance.oneOf('ask', 'hold'),
    maxHoldMs: 20 * MINUTE_MS,
    watchMs: chance.whole(3) * MINUTE_MS,
    rollback: {
      mode: chance.oneOf('auto', 'auto', 'ask'),
      askTimeoutMs: 3 * MINUTE_MS,
      lockCandidate: chance.is(0.8),
      stabilityWindowMs: chance.whole(3) * MINUTE_MS,
      kill: chance.is(0.2) ? ['writes'] : [],
    },
  });
}

/** Mostly the one whose task it is, with roles that were read just now. */
function somebody(chance: Chance, usual: Asker): Asker {
  const one = chance.is(0.85) ? usual : chance.oneOf(ana, bo, sam, chidi, gwen);
  return chance.is(0.05) ? { ...one, fresh: false } : one;
}

/** What somebody who looks at this service now wants to do, if anything. */
export function wishFor(
  chance: Chance,
  service: Service,
  started: number,
): ServiceIntent | undefined {
  const { live } = service;
  // Some may ask and approve, though never both of the same.
  const by = somebody(chance, chance.oneOf(ana, ana, sam));
  if (chance.is(0.0015)) return { to: 'rollback', by, reason: 'users complain' };
  const locked = service.locks.find(({ unlocked }) => !unlocked)?.version;
  if (locked !== undefined && chance.is(0.1))
    return { to: 'unlock', by, version: locked, reason: 'looked into it' };
  if (!live || chance.is(0.01)) return startOf(chance, service, by, started);
  const release = live.facts.id;
  switch (live.phase) {
    case 'proposed':
      return wishForAsk(chance, live, 0);
    case 'progressing':
      if (chance.is(0.05)) return { to: 'pause', by, release, reason: 'wait' };
      if (live.ask && chance.is(0.8)) return wishForAsk(chance, live, live.ask.step);
      // What was miscounted once outweighs hours of right counts, so somebody gives up.
      if (live.verdict?.reason === 'sample_ratio' && chance.is(0.3))
        return { to: chance.oneOf('rollback', 'pause'), by, release, reason: 'miscounted' };
      // Most of the time nobody has to do anything, and some cannot wait for the next poll.
      return chance.is(isBeforeLook(live) ? 0.3 : 0.1) ? { to: 'promote', by, release } : undefined;
    case 'paused':
      return { to: chance.is(0.9) ? 'resume' : 'rollback', by, release, reason: 'go on' };
    case 'recovering':
      return chance.is(0.3)
        ? { to: 'abort', by, release, reason: 'cannot be verified' }
        : { to: 'acknowledge', by, release };
    default:
      return { to: 'acknowledge', by, release };
  }
}

/** Nobody has looked since it came into this step, or since it went on. */
const isBeforeLook = ({ since, verdictAt }: In<'progressing'>) =>
  verdictAt === undefined || verdictAt <= since;

function startOf(chance: Chance, service: Service, by: Asker, started: number): ServiceIntent {
  const locked = service.locks.at(-1)?.version;
  const earlier = chance.is(0.2) ? locked : undefined;
  const candidate = earlier ?? `v${started + 1}.${service.name.length}`;
  const plan = anyPlan(chance);
  return { to: 'start', by, candidate, plan, digest: `${candidate} ${started}`, note: '' };
}

function wishForAsk(chance: Chance, { facts }: Release, step: number): ServiceIntent {
  const by = somebody(chance, chance.oneOf(bo, sam));
  const release = facts.id;
  if (chance.is(0.02)) return { to: 'decline', by, release, reason: 'not now' };
  if (chance.is(0.01)) return { to: 'abort', by, release, reason: 'not now' };
  const digest = chance.is(0.02) ? 'of another plan' : facts.digest;
  const upToStep = step + chance.whole(3);
  return { to: 'approve', by, release, step, digest, ...(chance.is(0.3) && { upToStep }) };
}

export const killWish = (chance: Chance): { name: string; intent: KillIntent } => ({
  name: chance.oneOf('writes', 'support-agent', 'global'),
  intent: { to: chance.oneOf('on', 'off'), by: somebody(chance, ana), reason: 'too eager' },
});

/** Somebody who looks at a flag answers what was asked, or wants it to be something else. */
export function flagWish(chance: Chance, flag: Flag | undefined): FlagIntent {
  const { id } = flag?.request ?? {};
  if (id !== undefined && chance.is(0.7)) {
    const request = chance.is(0.05) ? id - 1 : id;
    return {
      to: chance.oneOf('approve', 'approve', 'decline'),
      by: somebody(chance, chance.oneOf(bo, sam)),
      request,
    };
  }
  const by = somebody(chance, chance.oneOf(ana, sam));
  if (chance.is(0.2)) return { to: chance.oneOf('allow', 'disallow'), by, users: ['user-1'] };
  const value = chance.oneOf(
    { state: 'off', percent: 0 } as const,
    { state: 'on', percent: 100 } as const,
    { state: 'percentage', percent: chance.oneOf(10, 40, 50, 51, 90) } as const,
  );
  return { to: 'set', by, value, approvalAbovePercent: APPROVAL_ABOVE_PERCENT };
}
