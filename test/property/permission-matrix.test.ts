/**
 * Who may do what, cell by cell: actor, role, command, place, state and age of the button, each
 * against rules that are written down a second time and know nothing of the code.
 */
import { expect, test } from 'vitest';
import { type Asker, trusted } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import { yes } from '#domain/result.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { steerService } from '#operations/steer-service.ts';
import { asks } from '#test/support/askers.ts';
import { ana, approve, aService, having, liveOf, noon, start } from '#test/support/builders.ts';
import {
  AT,
  authors,
  codeOf,
  intentOf,
  SERVICES,
  tryReleaseCells,
} from '#test/support/permissions/release-cells.ts';
import {
  agesOf,
  expectedOf,
  keysOf,
  STATES,
  TAKES,
  whoForbids,
} from '#test/support/permissions/release-rules.ts';
import { decideSmall, SMALL, trySmallCells } from '#test/support/permissions/small-cells.ts';
import { aStore } from '#test/support/store.ts';

test('every cell of who may do what to a release is as the rules say', async () => {
  const { count, wrong } = await tryReleaseCells();
  console.log(`${count} cells of the permission matrix`);
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(count).toBeGreaterThan(5_000);
});

test('every cell of who may do what to flags and switches is as the rules say', async () => {
  const { count, wrong } = await trySmallCells();
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
