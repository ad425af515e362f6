/** Every cell of who may do what to a release, tried on the decision and on a store that repeats. */
import type { Asker } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import type { Release } from '#domain/release.ts';
import type { Result } from '#domain/result.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { AUTHOR_ADDRESS, asks, IDS } from '#test/support/askers.ts';
import {
  ana,
  approve,
  aService,
  bo,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  start,
} from '#test/support/builders.ts';
import {
  type Age,
  agesOf,
  CELLS,
  type Command,
  expectedOf,
  keysOf,
  STATES,
  type State,
  TAKES,
} from '#test/support/permissions/release-rules.ts';

// ——— the states, as they come about ———

export const AT = minutesAfterNoon(61);
export const requester: Asker = { ...ana, actor: { kind: 'user', id: IDS.requester } };
export const authors = [
  { kind: 'git', id: IDS.author },
  { kind: 'git', id: AUTHOR_ADDRESS },
] as const;
const proposed = having(aService(), [start({ by: requester }), noon]);
const entered = having(proposed, [approve(0, { by: bo }), noon]);
const figures = { logEvidence: 0, lines: [], windows: 9, windowsInStep: 9, overMs: 1 };
const allowed: Service = {
  ...entered,
  live: {
    ...liveOf(entered),
    excluded: [requester.actor, { kind: 'user', id: IDS.presser_of_promote }],
    verdict: { says: 'allow', reason: 'within_limits', words: '', figures },
    verdictAt: AT,
  },
};
const ask = { step: 1, by: requester.actor, at: AT, judged: false };
const steered = (to: 'pause' | 'rollback', from = allowed) =>
  having(from, [{ to, by: bo, reason: 'a test' }, AT]);
const rolledBack = steered('rollback');
const { applied: _, ...back } = having(rolledBack, [
  {
    to: 'confirm_traffic',
    by: bo,
    applied: { stable: '2.3.3', candidate: '2.4.0', weightPercent: 0 },
  },
  AT,
]);
const watched: Release = {
  ...liveOf(allowed),
  phase: 'completed',
  at: AT,
  watchUntil: minutesAfterNoon(1_000),
  watchOver: false,
  judged: false,
} as Release;
const lock = { version: '2.5.0', release: 11, reason: 'a test', by: bo.actor, at: noon };

export const SERVICES: Readonly<Record<State, Service>> = {
  none: aService(),
  locked: aService({ locks: [lock] }),
  proposed: { ...proposed, live: { ...liveOf(proposed), excluded: liveOf(allowed).excluded } },
  asked: { ...allowed, live: { ...liveOf(allowed), ask } as Release },
  serving: allowed,
  paused: steered('pause'),
  rolling_back: rolledBack,
  recovering: back,
  completed: aService({ stable: '2.4.0', former: ['2.3.3'], crowned: watched, nextReleaseId: 13 }),
};

export function intentOf(command: Command, by: Asker, state: State, age: Age): ServiceIntent {
  const release = age === 'typed' ? {} : { release: age === 'of_another_release' ? 11 : 12 };
  const digest = age === 'of_another_plan' ? 'another' : 'digest';
  const version = state === 'locked' ? '2.5.0' : '2.4.0';
  switch (command) {
    case 'start':
      return start({ by, candidate: '2.5.0' });
    case 'unlock':
      return { to: 'unlock', by, version, reason: 'a test' };
    case 'approve':
      return {
        ...approve(state === 'asked' ? 1 : 0, { by, digest }),
        release: 12,
        ...release,
      } as ServiceIntent;
    case 'acknowledge':
      return { to: 'acknowledge', by, release: 12, ...release };
    case 'promote':
      return { to: 'promote', by, ...release };
    default:
      return { to: command, by, reason: 'a test', ...release };
  }
}

export const codeOf = (outcome: Result<unknown, { readonly code: string }>) =>
  outcome.ok ? 'done' : outcome.refusal.code;

export type Tried = { readonly count: number; readonly wrong: readonly string[] };

/** What is tried of each cell besides the decision; it says what is wrong, if anything. */
export type TryAgain = (service: Service, intent: ServiceIntent, code: string) => Promise<string>;

export async function tryReleaseCells(tryAgain?: TryAgain): Promise<Tried> {
  let count = 0;
  const wrong: string[] = [];
  for (const cell of CELLS) {
    // Three commands stand for all: what is asked of Slack differs by what a command takes.
    const askers = {
      operator: await asks(cell, 'promote', 'support-agent'),
      approver: await asks(cell, 'approve', 'support-agent'),
      member: await asks(cell, 'rollback', 'support-agent'),
    };
    for (const command of keysOf(TAKES)) {
      const by = askers[TAKES[command]];
      for (const state of keysOf(STATES))
        for (const age of agesOf(command)) {
          const service = { ...SERVICES[state], authors };
          const intent = intentOf(command, by, state, age);
          const got = codeOf(decideService(service, intent, AT));
          const expected = expectedOf(cell, command, state, age);
          count += 1;
          const where = `${Object.values(cell).join(' ')} ${command} ${state} ${age}`;
          if (got !== expected) wrong.push(`${where}: ${got}, not ${expected}`);
          const again = await tryAgain?.(service, intent, got);
          if (again) wrong.push(`${where}: ${again}`);
        }
    }
  }
  return { count, wrong };
}
