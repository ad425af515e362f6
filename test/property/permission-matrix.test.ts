/**
 * Who may do what, cell by cell: actor, role, command, place, state and age of the button, each
 * against rules that are written down here a second time and know nothing of the code.
 */
import { expect, test } from 'vitest';
import { type Asker, trusted } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import { decideFlag, type Flag, type FlagIntent, newFlag } from '#domain/flag.ts';
import { decideKill, untouched } from '#domain/killswitch.ts';
import type { Release } from '#domain/release.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { steerService } from '#operations/steer-service.ts';
import {
  AUTHOR_ADDRESS,
  asks,
  IDS,
  KINDS,
  type Kind,
  PLACES,
  type PlaceName,
  ROLES,
  type Role,
} from '#test/support/askers.ts';
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
import { aStore } from '#test/support/store.ts';

// ——— the rules ———

/** What each command takes. Whatever lets more through takes a role, read just now, and a place. */
const TAKES = {
  start: 'operator',
  promote: 'operator',
  resume: 'operator',
  unlock: 'operator',
  approve: 'approver',
  decline: 'member',
  pause: 'member',
  rollback: 'member',
  abort: 'member',
  acknowledge: 'member',
} as const;
type Command = keyof typeof TAKES;
/** Ending a recovery that nothing can show is the one `abort` that lets more through. */
const takes = (command: Command, state: State) =>
  command === 'abort' && state === 'recovering' ? 'operator' : TAKES[command];

const OUTSIDERS: readonly Kind[] = [
  'guest',
  'bot_or_workflow',
  'deactivated',
  'of_another_company',
  'of_another_team_of_the_grid',
  'claiming_another_team',
];
const NOT_READ_JUST_NOW: readonly Kind[] = ['unreadable', 'remembered'];
/** Everybody who had a part in the release may not be its second person. */
const HAD_A_PART: readonly Kind[] = [
  'requester',
  'requesters_second_id',
  'presser_of_promote',
  'author',
  'author_by_address',
];
const ASKED_FOR_IT: readonly Kind[] = ['requester', 'requesters_second_id'];
const WHERE_PEOPLE_SEE_IT: readonly PlaceName[] = [
  'service_channel',
  'main_channel_by_id',
  'in_private',
];

/** What is possible in which state, for somebody who may. A dash: the state has no such move. */
const STATES = {
  none: 'start done, rollback no_former_stable, unlock not_locked',
  locked: 'start version_locked, rollback no_former_stable, unlock done',
  proposed: 'approve done, decline done, abort done, rollback no_former_stable',
  asked:
    'approve done, decline done, promote already_asked, pause done, rollback done, acknowledge nothing_to_acknowledge',
  serving:
    'approve already_decided, decline nothing_asked, promote done, pause done, rollback done, acknowledge nothing_to_acknowledge',
  paused: 'resume done, rollback done, acknowledge nothing_to_acknowledge',
  rolling_back: 'acknowledge done, unlock done',
  recovering: 'rollback wrong_phase, abort done, acknowledge done, unlock done',
  completed: 'start done, rollback done, acknowledge nothing_to_acknowledge',
} as const;
type State = keyof typeof STATES;
const WITHOUT_RELEASE: readonly State[] = ['none', 'locked'];

const AGES = ['typed', 'drawn_now', 'of_another_plan', 'of_another_release'] as const;
type Age = (typeof AGES)[number];

type Cell = { readonly kind: Kind; readonly role: Role; readonly place: PlaceName };

function whoForbids({ kind, role, place }: Cell, needed: 'operator' | 'approver' | 'member') {
  if (OUTSIDERS.includes(kind)) return 'not_a_member';
  if (needed === 'member') return undefined;
  if (NOT_READ_JUST_NOW.includes(kind)) return 'roles_unreadable';
  if (!ROLES[role][needed]) return 'role_needed';
  return WHERE_PEOPLE_SEE_IT.includes(place) ? undefined : 'wrong_place';
}

function expectedOf(cell: Cell, command: Command, state: State, age: Age): string {
  const moves = new Map(
    STATES[state].split(', ').map((move) => move.split(' ') as [string, string]),
  );
  const move = moves.get(command);
  const isOfService = command === 'start' || command === 'unlock';
  // A proposal never had traffic, so there is nothing to take back, and its card has no such button.
  const namesRelease = age === 'drawn_now' || age === 'of_another_plan';
  if (command === 'rollback' && state === 'proposed' && namesRelease) return 'wrong_phase';
  if (move === 'no_former_stable') return move;
  if (!isOfService && WITHOUT_RELEASE.includes(state))
    return age === 'typed' ? 'no_release' : 'plan_changed';
  if (!isOfService && age === 'of_another_release') return 'plan_changed';
  if (!move && !isOfService) return 'wrong_phase';
  const forbidden = whoForbids(cell, takes(command, state));
  if (forbidden) return forbidden;
  if (!move) return command === 'start' ? 'release_in_progress' : 'not_locked';
  if (command !== 'approve' || move !== 'done') return move;
  if (age === 'of_another_plan') return 'plan_changed';
  return HAD_A_PART.includes(cell.kind) ? 'needs_second_person' : 'done';
}

// ——— the states, as they come about ———

const AT = minutesAfterNoon(61);
const requester: Asker = { ...ana, actor: { kind: 'user', id: IDS.requester } };
const authors = [
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

const SERVICES: Readonly<Record<State, Service>> = {
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

function intentOf(command: Command, by: Asker, state: State, age: Age): ServiceIntent {
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

/** A command is typed without a release; the yes and the acknowledgement are buttons only. */
const agesOf = (command: Command): readonly Age[] => {
  if (command === 'start' || command === 'unlock') return ['typed'];
  const isButton = command === 'approve' || command === 'acknowledge';
  return isButton ? AGES.filter((age) => age !== 'typed') : AGES;
};

const keysOf = <Key extends string>(of: Readonly<Record<Key, unknown>>) => Object.keys(of) as Key[];
/** Whoever is not one of us may hold every role in the file or none; it makes no difference. */
const rolesOf = (kind: Kind): readonly Role[] =>
  OUTSIDERS.includes(kind) ? ['no_role', 'both_roles'] : keysOf(ROLES);
const cells: readonly Cell[] = keysOf(KINDS).flatMap((kind) =>
  rolesOf(kind).flatMap((role) => keysOf(PLACES).map((place) => ({ kind, role, place }))),
);
const codeOf = (outcome: Result<unknown, { readonly code: string }>) =>
  outcome.ok ? 'done' : outcome.refusal.code;

test('every cell of who may do what to a release is as the rules say', async () => {
  let count = 0;
  const wrong: string[] = [];
  for (const cell of cells) {
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
          const got = codeOf(decideService(service, intentOf(command, by, state, age), AT));
          const expected = expectedOf(cell, command, state, age);
          count += 1;
          if (got !== expected)
            wrong.push(
              `${Object.values(cell).join(' ')} ${command} ${state} ${age}: ${got}, not ${expected}`,
            );
        }
    }
  }
  console.log(`${count} cells of the permission matrix`);
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(count).toBeGreaterThan(5_000);
});

// ——— flags and switches ———

const SMALL = {
  flag_raise: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_ask: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_lower: { takes: 'member', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_allow: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_disallow: { takes: 'member', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_archive: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_approve: { takes: 'approver', moves: { at_40: 'plan_changed', asked_for_80: 'done' } },
  flag_decline: { takes: 'member', moves: { at_40: 'plan_changed', asked_for_80: 'done' } },
  kill_on: { takes: 'member', moves: { off: 'done', on: 'already_on' } },
  kill_off: { takes: 'operator', moves: { off: 'already_off', on: 'done' } },
} as const;
type Small = keyof typeof SMALL;

const at40: Flag = { ...newFlag('answers'), state: 'percentage', percent: 40, allowed: ['u1'] };
const value = (percent: number) => ({ state: 'percentage', percent }) as const;
const request = { id: 1, value: value(80), by: requester.actor, at: noon };
const FLAGS: Readonly<Record<string, Flag>> = {
  at_40: at40,
  asked_for_80: { ...at40, requests: 1, request },
};

function decideSmall(command: Small, by: Asker, state: string) {
  const killSwitch = { ...untouched('writes'), isOn: state === 'on' };
  const set = (percent: number): FlagIntent => ({
    to: 'set',
    by,
    value: value(percent),
    approvalAbovePercent: 50,
  });
  const intents: Readonly<Partial<Record<Small, FlagIntent>>> = {
    flag_raise: set(45),
    flag_ask: set(90),
    flag_lower: set(10),
    flag_allow: { to: 'allow', by, users: ['u2'] },
    flag_disallow: { to: 'disallow', by, users: ['u1'] },
    flag_archive: { to: 'archive', by },
    flag_approve: { to: 'approve', by, request: 1 },
    flag_decline: { to: 'decline', by, request: 1 },
  };
  const intent = intents[command];
  const flag = FLAGS[state];
  if (intent && flag) return codeOf(decideFlag(flag, intent, AT));
  const to = command === 'kill_on' ? 'on' : 'off';
  return codeOf(decideKill(killSwitch, { to, by, reason: 'a test' }, AT));
}

test('every cell of who may do what to flags and switches is as the rules say', async () => {
  let count = 0;
  const wrong: string[] = [];
  for (const cell of cells) {
    const askers = {
      operator: await asks(cell, 'kill_off'),
      approver: await asks(cell, 'approve'),
      member: await asks(cell, 'kill_on'),
    };
    for (const command of keysOf(SMALL))
      for (const [state, move] of Object.entries(SMALL[command].moves)) {
        const { takes: needed } = SMALL[command];
        const isOwn =
          command === 'flag_approve' && move === 'done' && ASKED_FOR_IT.includes(cell.kind);
        const expected = whoForbids(cell, needed) ?? (isOwn ? 'needs_second_person' : move);
        const got = decideSmall(command, askers[needed], state);
        count += 1;
        if (got !== expected)
          wrong.push(
            `${Object.values(cell).join(' ')} ${command} ${state}: ${got}, not ${expected}`,
          );
      }
  }
  console.log(`${count} cells for flags and switches`);
  expect(wrong.slice(0, 20)).toEqual([]);
});

// ——— what is no person ———

/** They act as a fresh operator would, from nowhere in Slack, and none of them is a second person. */
const MACHINES = ['policy', 'clock', 'token', 'cli'] as const;
const LIKE_AN_OPERATOR = { kind: 'somebody', role: 'operator', place: 'in_private' } as const;

test('every cell of what tokens, the command line, the policy and the clock may do is as the rules say', () => {
  let count = 0;
  const wrong: string[] = [];
  const compare = (cell: string, got: string, expected: string) => {
    count += 1;
    if (got !== expected) wrong.push(`${cell}: ${got}, not ${expected}`);
  };
  for (const kind of MACHINES) {
    const by = trusted({ kind, id: 'ana' });
    for (const command of keysOf(TAKES))
      for (const state of keysOf(STATES))
        for (const age of agesOf(command)) {
          const service = { ...SERVICES[state], authors };
          const got = codeOf(decideService(service, intentOf(command, by, state, age), AT));
          const expected = expectedOf(LIKE_AN_OPERATOR, command, state, age);
          compare(`${kind} ${command} ${state} ${age}`, got, expected);
        }
    for (const command of keysOf(SMALL))
      for (const [state, move] of Object.entries(SMALL[command].moves)) {
        const { takes: needed } = SMALL[command];
        // What holds a token may stop; letting go takes a person.
        const isPersonNeeded = kind === 'token' && command === 'kill_off';
        const forbidden = isPersonNeeded
          ? 'off_needs_a_person'
          : whoForbids(LIKE_AN_OPERATOR, needed);
        compare(`${kind} ${command} ${state}`, decideSmall(command, by, state), forbidden ?? move);
      }
  }
  console.log(`${count} cells for what is no person`);
  expect(wrong.slice(0, 20)).toEqual([]);
});

// ——— the same delivery again ———

test('what was done or refused once is neither done nor recorded again', async () => {
  const { store, queries, clock, time } = aStore(':memory:');
  time.now = AT;
  const deps = { store, clock, serviceNames: () => [] };
  const one = { role: 'both_roles', place: 'service_channel' } as const;
  let count = 0;
  for (const kind of ['somebody', 'guest'] as const) {
    const states = kind === 'guest' ? (['asked'] as const) : keysOf(STATES);
    const by = await asks({ ...one, kind }, 'approve', 'support-agent');
    for (const state of states)
      for (const command of keysOf(TAKES)) {
        count += 1;
        const service = `agent-${count}`;
        const at = { kind: 'service', name: service } as const;
        const { live, ...known } = SERVICES[state];
        const own = live && {
          live: { ...live, facts: { ...live.facts, id: count + 1_000, service } },
        };
        const next = { ...known, ...own, name: service };
        await store.change(at, () => yes({ next, owes: [] }), { at: AT });
        const intent = intentOf(command, by, state, 'drawn_now');
        const named = 'release' in intent && live ? { release: count + 1_000 } : {};
        const steer = {
          service,
          intent: { ...intent, ...named } as ServiceIntent,
          inboxKey: service,
        };
        const first = await steerService(deps, steer);
        const entries = queries.lastEntries(1)[0]?.seq;
        const again = await steerService(deps, steer);
        expect(codeOf(again)).toBe(codeOf(first));
        if (again.ok) expect(again.value.repeated).toBe(true);
        expect(queries.lastEntries(1)[0]?.seq).toBe(entries);
      }
  }
  console.log(`${count} cells for deliveries that come again`);
});

// ——— four eyes, in every order ———

function* ordersOf<One>(things: readonly One[]): Generator<readonly One[]> {
  if (things.length === 0) yield [];
  for (const [place, thing] of things.entries())
    for (const rest of ordersOf(things.toSpliced(place, 1))) yield [thing, ...rest];
}

test('three people and two proposals in every order give each proposal one yes at most, and a second person’s', () => {
  const people = ['U0ANA', 'U0BO', 'U0SAM'].map(
    (id): Asker => ({ ...ana, approver: true, actor: { kind: 'user', id } }),
  );
  const [first, second] = people;
  if (!first || !second) throw new Error('there are three');
  const presses = people.flatMap((by) =>
    ['first', 'second'].map((digest, place) => approve(0, { by, release: 12 + place, digest })),
  );
  const replace = [
    { to: 'abort', by: first, reason: 'another one' },
    start({ by: second, candidate: '2.5.0', digest: 'second' }),
  ] as const;
  let orders = 0;
  for (const order of ordersOf([...presses, 'replace' as const])) {
    orders += 1;
    let service = having(aService(), [start({ by: first, digest: 'first' }), noon]);
    const decide = (intent: ServiceIntent) => {
      const decision = decideService({ ...service, nextReleaseId: 13 }, intent, noon);
      if (decision.ok) service = decision.value.next;
    };
    for (const event of order) {
      if (event !== 'replace') decide(event);
      else for (const intent of replace) decide(intent);
    }
    const { facts, approvals } = liveOf(service);
    const [yesOf, another] = approvals;
    expect(another).toBeUndefined();
    if (yesOf) expect(yesOf.by.id).not.toBe(facts.requestedBy.id);
    if (yesOf) expect(yesOf.digest).toBe(facts.digest);
  }
  expect(orders).toBe(5_040);
});
