import { describe, expect, test } from 'vitest';
import { CONFIGURATION, trusted } from '#domain/actor.ts';
import { auditBody } from '#domain/audit.ts';
import { decideService } from '#domain/decide-service.ts';
import type { Effect } from '#domain/effect.ts';
import { decideKill } from '#domain/killswitch.ts';
import { assert, no, yes } from '#domain/result.ts';
import { decideReview } from '#domain/review.ts';
import { type ServiceIntent, unchanged } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import type { Instant } from '#domain/time.ts';
import { tellRoles } from '#operations/tell-roles.ts';
import { checkChain } from '#store/check-register.ts';
import type { Aggregates, ChangeStore, Commit } from '#store/port.ts';
import type { EntrySearch } from '#store/queries.ts';
import { readRegister } from '#store/sqlite/register.ts';
import {
  aJudgedWindow,
  ana,
  approve,
  aService,
  bo,
  chidi,
  minutesAfterNoon,
  noon,
  start,
} from '#test/support/builders.ts';
import { someSettings } from '#test/support/some-settings.ts';
import { aStore } from '#test/support/store.ts';
import { STORES } from '#test/support/stores.ts';

const supportAgent = { kind: 'service', name: 'support-agent' } as const;
const register = { kind: 'register', name: 'test' } as const;

async function withService(store: ChangeStore): Promise<void> {
  await store.change(supportAgent, () => yes({ next: aService(), owes: [] }), { at: noon });
}

const decide = (intent: ServiceIntent) => (service: Aggregates['service']) => {
  if (!service) throw new Error('no such service');
  const decision = decideService(service, intent, noon);
  if (decision.ok) return decision;
  const audit = {
    at: noon,
    actor: intent.by.actor,
    action: intent.to,
    target: { service: service.name },
    from: '',
    to: '',
    reason: decision.refusal.code,
    outcome: 'refused' as const,
  };
  return no({ refusal: decision.refusal, audit });
};

describe.each(Object.entries(STORES))('the store %s', (_, open) => {
  test('commits state, entry, request and effects together', async () => {
    const { store, queries, outbox } = open();
    await withService(store);
    const outcome = await store.change(supportAgent, decide(start()), { at: noon, inboxKey: 'k1' });
    expect(outcome).toMatchObject({ ok: true, value: { auditSeq: 1, repeated: false } });
    expect(queries.service('support-agent')?.live).toMatchObject({ phase: 'proposed' });
    expect(outbox.due('slack', noon, 10).map(({ effect }) => effect)).toEqual([
      { sync: 'card', release: 1 },
    ]);
  });

  test('gives back exactly what was saved', async () => {
    const { store, queries } = open();
    await withService(store);
    await store.change(supportAgent, decide(start()), { at: noon });
    const approved = await store.change(supportAgent, decide(approve(0, { release: 1 })), {
      at: noon,
    });
    if (!approved.ok) throw new Error('was refused');
    expect(queries.service('support-agent')).toEqual({ ...approved.value.state, nextReleaseId: 2 });
  });

  test('knows who wrote what is released, also when a pipeline says so late', async () => {
    const { store, queries } = open();
    await withService(store);
    await store.change(supportAgent, decide(start()), { at: noon });
    const version = {
      service: 'support-agent',
      version: '2.4.0',
      authors: ['bo@example.com'],
      components: [],
      registeredBy: { kind: 'token', id: 'ci' },
      registeredAt: noon,
    } as const;
    await store.change(
      { kind: 'version', name: 'support-agent@2.4.0' },
      () => yes({ next: version, owes: [] }),
      { at: noon },
    );
    const alias = { ...bo, knownAs: ['bo@example.com'] };
    const own = decide(approve(0, { release: 1, by: alias }));
    const outcome = await store.change(supportAgent, own, { at: noon });
    expect(outcome).toMatchObject({ refusal: { code: 'needs_second_person' } });
    expect(queries.service('support-agent')?.live?.phase).toBe('proposed');
  });

  test('decides a repeated request once and repeats its answer, refusals too', async () => {
    const { store, register } = open();
    await withService(store);
    const first = { at: noon, inboxKey: 'start' };
    await store.change(supportAgent, decide(start()), first);
    const repeated = await store.change(supportAgent, decide(start()), first);
    expect(repeated).toMatchObject({ ok: true, value: { repeated: true, auditSeq: 1 } });

    const self = { at: noon, inboxKey: 'self' };
    const refused = await store.change(
      supportAgent,
      decide(approve(0, { release: 1, by: ana })),
      self,
    );
    const again = await store.change(
      supportAgent,
      decide(approve(0, { release: 1, by: bo })),
      self,
    );
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'role_needed' } });
    expect(again).toEqual(refused);
    expect(register()).toHaveLength(2);
  });

  test('lets an emergency wait for its review from the moment it stands in the register', async () => {
    const { store, register } = open();
    const waiting = (name = 'waiting') =>
      store.change({ kind: 'reviews', name }, (reviews) => yes({ next: reviews, owes: [] }), {
        at: noon,
      });
    const writes = { kind: 'killswitch', name: 'writes' } as const;
    const kill = { to: 'on', by: chidi, reason: 'it deletes mail' } as const;
    const wish = (state: Aggregates['killswitch']) => {
      const decision = decideKill(state, kill, noon);
      return decision.ok ? decision : no(decision);
    };
    await store.change(writes, wish, { at: noon });
    await store.change(writes, wish, { at: noon });
    const thrown = { entry: 1, of: { action: 'kill_on', actor: chidi.actor }, reminders: 0 };
    expect(await waiting()).toMatchObject({ value: { state: [thrown] } });
    expect(JSON.parse(register()[0]?.body ?? '')).toMatchObject({ emergency: true });

    const reviewed = { entry: 1, by: bo, note: 'right' };
    const review = (reviews: Aggregates['reviews']) => {
      const decision = decideReview(reviews, reviewed, minutesAfterNoon(9));
      return decision.ok ? decision : no(decision);
    };
    await store.change({ kind: 'reviews', name: '1' }, review, { at: minutesAfterNoon(9) });
    const done = { by: bo.actor, at: minutesAfterNoon(9), note: 'right' };
    expect(await waiting()).toMatchObject({ value: { state: [] } });
    expect(await waiting('1')).toMatchObject({ value: { state: [{ ...thrown, done }] } });
  });

  test('tells the register who holds a role when that is another than before, and only then', async () => {
    const { store, register } = open();
    const tell = async (people: Settings['people']) => {
      const settings = { ...someSettings(), people };
      await tellRoles({ store, clock: () => noon }, settings, trusted(CONFIGURATION));
      return register().map(({ body }) => JSON.parse(body).details.differences);
    };
    const before = { operators: ['U0ANA'], approvers: ['U0BO'] };
    const first = await tell(before);
    expect(first).toEqual([expect.arrayContaining(['people.operators not set → [U0ANA]'])]);
    expect(await tell(before)).toEqual(first);
    expect(await tell({ ...before, approvers: ['U0BO', 'U0SAM'] })).toEqual([
      ...first,
      ['people.approvers [U0BO] → [U0BO, U0SAM]'],
    ]);
  });

  test('says in an entry how it was asked and by which request, as far as anybody asked', async () => {
    const { store, register: entries } = open();
    const append = (asked: object) => {
      const audit = entry('test');
      const request = { at: noon, ...asked };
      return store.change(register, () => yes({ next: null, owes: [], audit }), request);
    };
    const origin = { via: 'slack', team: 'T0SIGNAL' } as const;
    await append({ origin, inboxKey: 'k1' });
    await append({});
    const [asked, unasked] = entries().map(({ body }) => JSON.parse(body));
    expect(asked).toMatchObject({ origin, request: 'k1' });
    expect(Object.keys(unasked)).not.toEqual(expect.arrayContaining(['origin']));
    expect(Object.keys(unasked)).not.toEqual(expect.arrayContaining(['request']));
  });

  test('writes nothing when the decision throws', async () => {
    const { store, queries, register } = open();
    await withService(store);
    const broken = store.change(
      supportAgent,
      () => {
        throw new Error('Broken invariant');
      },
      { at: noon, inboxKey: 'broken' },
    );
    await expect(broken).rejects.toThrow('Broken invariant');
    expect(queries.service('support-agent')).not.toHaveProperty('live');
    expect(register()).toEqual([]);
  });

  test('keeps one unbroken chain through changes at once', async () => {
    const { store, register } = open();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.change(
          { kind: 'register', name: 'test' },
          () => yes({ next: null, owes: [], audit: entry(`change ${index}`) }),
          { at: noon },
        ),
      ),
    );
    expect(checkChain(register())).toMatchObject({ intact: true, entries: 20 });
  });

  test('lets nothing wait for a time of day that has come and gone with the clock', async () => {
    const { store, outbox } = open();
    const owes = [{ sync: 'traffic', service: 'support-agent' }] as const;
    await store.change({ kind: 'register', name: 'test' }, () => yes({ next: null, owes }), {
      at: noon,
    });
    const [owed] = outbox.due('here', noon, 10);
    if (!owed) throw new Error('nothing is owed');
    expect(outbox.due('here', minutesAfterNoon(-5), 10)).toHaveLength(1);
    outbox.trying(owed);
    outbox.retry(owed, minutesAfterNoon(1), 'the driver was down');
    expect(outbox.due('here', noon, 10)).toEqual([]);
    expect(outbox.due('here', minutesAfterNoon(-60), 10)).toHaveLength(1);
    expect(outbox.due('here', minutesAfterNoon(1), 10)).toHaveLength(1);
  });

  test('gives the next of a lane once the one before is done, or is only to be looked at', async () => {
    const { store, outbox } = open();
    const owes = ['1', '2', '3'].map((words) => {
      const alert = { what: 'not_recovering', words } as const;
      return { tell: 'alert', release: 7, alert } as const;
    });
    await store.change({ kind: 'register', name: 'test' }, () => yes({ next: null, owes }), {
      at: noon,
    });
    const due = (at = noon) => outbox.due('slack', at, 10);
    const [first, ...others] = due();
    assert(first && others.length === 0, 'only the head of a lane is due');
    outbox.trying(first);
    outbox.readBack(first, { channel: 'C0AGENTOPS', ts: '1.1' }, minutesAfterNoon(1));
    outbox.done(first, noon);
    const [second] = due();
    assert(second, 'the next is due');
    expect(second.effect).toEqual(owes[1]);
    outbox.done(second, noon);
    expect(due().map(({ effect }) => effect)).toEqual([owes[2]]);
    expect(due(minutesAfterNoon(1)).map(({ effect }) => effect)).toEqual([owes[0], owes[2]]);
  });

  test('owes a sync of one subject once, and again when it changes while it is carried out', async () => {
    const { store, outbox } = open();
    const oweCard = () =>
      store.change(
        { kind: 'register', name: 'test' },
        () => yes({ next: null, owes: [{ sync: 'card', release: 7 }] }),
        { at: noon },
      );
    await oweCard();
    await oweCard();
    const [owed] = outbox.due('slack', noon, 10);
    expect(outbox.depth().count).toBe(1);
    if (!owed) throw new Error('nothing is owed');
    await oweCard();
    outbox.done(owed, noon);
    expect(outbox.depth().count).toBe(1);
    const [newer] = outbox.due('slack', noon, 10);
    if (!newer) throw new Error('nothing is owed');
    outbox.done(newer, noon);
    expect(outbox.depth()).toEqual({ count: 0 });
  });

  test('says how much is late and since when, but not what waits to be escalated or looked at', async () => {
    const { store, outbox } = open();
    const owe = (effect: Effect, at: Instant) =>
      store.change(register, () => yes({ next: null, owes: [effect] }), { at });
    expect(outbox.nextDue()).toBeUndefined();
    await owe({ sync: 'escalation', release: 7 }, noon);
    expect(outbox.depth()).toEqual({ count: 0 });
    await owe({ sync: 'card', release: 7 }, minutesAfterNoon(2));
    await owe({ sync: 'card', release: 8 }, minutesAfterNoon(1));
    expect(outbox.depth()).toEqual({ count: 2, oldest: minutesAfterNoon(1) });
    expect(outbox.nextDue()).toBe(noon);

    const [older] = outbox.due('slack', minutesAfterNoon(2), 1);
    assert(older, 'a card is owed');
    expect(older.owedAt).toBe(minutesAfterNoon(2));
    outbox.readBack(older, { channel: 'C1', ts: '1.0' }, minutesAfterNoon(3));
    expect(outbox.depth()).toEqual({ count: 1, oldest: minutesAfterNoon(1) });
  });

  test('keeps where an effect was sent, and a crash after that blocks nothing of its lane', async () => {
    const { store, outbox } = open();
    const owes = ['1', '2'].map((words) => {
      const alert = { what: 'not_recovering', words } as const;
      return { tell: 'alert', release: 7, alert } as const;
    });
    await store.change(register, () => yes({ next: null, owes }), { at: noon });
    const [first] = outbox.due('slack', noon, 9);
    assert(first, 'the head of the lane is due');
    expect(first).not.toHaveProperty('sent');
    outbox.trying(first);
    const sent = { channel: 'C0AGENTOPS', ts: '1.1', threadTs: '1.0' };
    outbox.readBack(first, sent, minutesAfterNoon(1));
    // The process ends before it could mark it done.
    expect(outbox.due('slack', noon, 9).map(({ effect }) => effect)).toEqual([owes[1]]);
    const [looked] = outbox.due('slack', minutesAfterNoon(1), 9);
    expect(looked).toMatchObject({ effect: owes[0], sent, lane: `read_back:${first.id}` });
  });

  test('counts the tries of an effect, and sends the most urgent first', async () => {
    const { store, outbox } = open();
    const by = ana.actor;
    const owes = [
      { tell: 'thread', release: 7, notice: { what: 'aborted', by, reason: '' } },
      { sync: 'card', release: 7 },
      { tell: 'channel', notice: { what: 'kill_on', name: 'writes', by, reason: 'it mails' } },
    ] as const;
    await store.change(register, () => yes({ next: null, owes }), { at: noon });
    const due = (limit: number) => outbox.due('slack', noon, limit);
    expect(due(9).map(({ effect }) => effect)).toEqual(owes.toReversed());
    expect(due(1)).toHaveLength(1);
    const [urgent] = due(1);
    assert(urgent, 'something is due');
    expect(urgent.tries).toBe(0);
    outbox.trying(urgent);
    outbox.trying(urgent);
    expect(due(1)[0]?.tries).toBe(2);
  });

  test('tells of each commit what it holds, and of nothing else', async () => {
    const { store, queries } = open();
    const told: Commit[] = [];
    store.onCommit((commit) => told.push(commit));
    store.onCommit((commit) => told.push(commit));
    const commits = () => told.splice(0).filter((_, nth) => nth % 2 === 0);
    const next = aService();
    const saved = await store.change(supportAgent, () => yes({ next, owes: [] }), { at: noon });
    expect(saved).toEqual({ ok: true, value: { state: next, repeated: false } });
    expect(commits()).toEqual([{ aggregate: supportAgent, state: next }]);
    await store.change(supportAgent, decide(start()), { at: noon, inboxKey: 'start' });
    const state = queries.service('support-agent');
    const [proposed] = commits();
    expect(proposed).toMatchObject({ aggregate: supportAgent, audit: { action: 'start' } });
    expect(proposed).not.toHaveProperty('judged');

    await store.change(supportAgent, decide(approve(0, { release: 1, by: ana })), { at: noon });
    expect(commits()).toMatchObject([{ state, audit: { outcome: 'refused' } }]);
    await store.change(supportAgent, decide(start()), { at: noon, inboxKey: 'start' });
    const nothing = await store.change(supportAgent, unchanged, {
      ...{ at: noon, inboxKey: 'nothing' },
    });
    expect(nothing).toEqual({ ok: true, value: { state, repeated: false } });
    await store.change(supportAgent, () => no({ refusal: { code: 'nothing_asked' } }), {
      at: noon,
    });
    expect(commits()).toEqual([]);
    // Nothing was done, so the same key is still free for something.
    const later = await store.change(supportAgent, decide(approve(0, { release: 1 })), {
      ...{ at: noon, inboxKey: 'nothing' },
    });
    expect(later).toMatchObject({ value: { repeated: false } });
    expect(commits()).toHaveLength(1);
    const judged = aJudgedWindow({ release: 1 });
    await store.change(supportAgent, (same) => yes({ next: same, owes: [], judged }), { at: noon });
    expect(commits()).toMatchObject([{ judged }]);
  });
});

test('the store over SQLite finds entries by what they are about, newest first and a page at a time', async () => {
  const { store, queries } = aStore();
  await withService(store);
  await store.change(supportAgent, decide(start()), { at: noon });
  await store.change(supportAgent, decide(approve(0, { release: 1, by: ana })), { at: noon });
  await store.change(supportAgent, decide(approve(0, { release: 1 })), { at: noon });
  const found = (search: Partial<EntrySearch>) => {
    const { entries, next } = queries.searchEntries({ limit: 9, ...search });
    return { seqs: entries.map(({ seq }) => seq), next };
  };
  expect(found({})).toEqual({ seqs: [3, 2, 1], next: undefined });
  expect(found({ limit: 2 })).toEqual({ seqs: [3, 2], next: 2 });
  expect(found({ limit: 2, before: 2 })).toEqual({ seqs: [1], next: undefined });
  expect(found({ by: ana.actor }).seqs).toEqual([2, 1]);
  expect(found({ action: 'approve', outcome: 'refused' }).seqs).toEqual([2]);
  expect(found({ service: 'billing-agent' }).seqs).toEqual([]);
  expect(found({ about: 'killswitch' }).seqs).toEqual([]);
  expect(found({ since: noon }).seqs).toEqual([3, 2, 1]);
  expect(found({ until: noon }).seqs).toEqual([]);
});

test('the store over SQLite leaves empty what is not there, for whoever asks the file itself', async () => {
  const { store, db } = aStore();
  await withService(store);
  await store.change(supportAgent, decide(start()), { at: noon, inboxKey: 'start' });
  // Each change of a service has a number of its own.
  const generation = db.$client.prepare('select generation from services').pluck();
  expect(generation.get()).toBe(2);
  const absent = `select (select count(*) from services where applied is null) services,
    (select count(*) from releases where evidence is null and ended_at is null) releases,
    (select count(*) from inbox where refusal is null) requests`;
  expect(db.$client.prepare(absent).get()).toEqual({ services: 1, releases: 1, requests: 1 });
});

const entry = (reason: string) => ({
  at: noon,
  actor: ana.actor,
  action: 'test',
  target: {},
  from: '',
  to: '',
  reason,
  outcome: 'done' as const,
});

describe('the register', () => {
  const tampering = [
    ['a changed entry', `UPDATE audit SET body = '{}' WHERE seq = 1`],
    ['a replaced entry', `UPDATE OR REPLACE audit SET body = '{}' WHERE seq = 1`],
    ['a removed entry', 'DELETE FROM audit WHERE seq = 2'],
    ['an emptied register', 'DELETE FROM audit'],
    [
      'an entry over another',
      `INSERT OR REPLACE INTO audit VALUES (1, '', '{}', zeroblob(32), zeroblob(32))`,
    ],
    ['a replacement', `REPLACE INTO audit VALUES (2, '', '{}', zeroblob(32), zeroblob(32))`],
    [
      'an ignored conflict',
      `INSERT OR IGNORE INTO audit VALUES (1, '', '{}', zeroblob(32), zeroblob(32))`,
    ],
    [
      'an upsert',
      `INSERT INTO audit VALUES (1, '', '{}', zeroblob(32), zeroblob(32)) ON CONFLICT DO UPDATE SET body = '{}'`,
    ],
    ['a gap', `INSERT INTO audit SELECT 9, '', '{}', hash, hash FROM audit WHERE seq = 3`],
    ['a wrong predecessor', `INSERT INTO audit VALUES (4, '', '{}', zeroblob(32), zeroblob(32))`],
    [
      'no number',
      `INSERT INTO audit (at, body, prev, hash) VALUES ('', '{}', zeroblob(32), zeroblob(32))`,
    ],
    [
      'a short hash',
      `INSERT INTO audit SELECT 4, '', '{}', hash, zeroblob(31) FROM audit WHERE seq = 3`,
    ],
  ] as const;

  test.each(tampering)('refuses %s', async (_, sql) => {
    const { store, db } = aStore();
    for (const reason of ['one', 'two', 'three'])
      await store.change(
        { kind: 'register', name: 'test' },
        () => yes({ next: null, owes: [], audit: entry(reason) }),
        { at: noon },
      );
    expect(() => db.$client.exec(sql)).toThrow(/audit register/);
    expect(checkChain(readRegister(db))).toMatchObject({ intact: true, entries: 3 });
  });

  test('notices an entry that was changed behind the triggers', async () => {
    const { store, db } = aStore();
    for (const reason of ['one', 'two', 'three'])
      await store.change(
        { kind: 'register', name: 'test' },
        () => yes({ next: null, owes: [], audit: entry(reason) }),
        { at: noon },
      );
    db.$client.exec(`DROP TRIGGER audit_no_update; UPDATE audit SET body = '{}' WHERE seq = 2`);
    expect(checkChain(readRegister(db))).toMatchObject({ intact: false, seq: 2 });
  });

  test('holds the fixed names of an entry', () => {
    const draft = {
      ...entry('why'),
      step: { number: 2, weightPercent: 5 },
      switchStatus: 'applied',
    } as const;
    const body = auditBody(draft, {
      origin: { via: 'slack', team: 'T0SIGNAL' },
      request: 'command:1',
      signalman: '1.0.0',
    });
    expect(Object.keys(body)).toEqual([
      'v',
      'at',
      'actor',
      'action',
      'target',
      'from',
      'to',
      'step',
      'switch_status',
      'reason',
      'outcome',
      'origin',
      'request',
      'signalman',
    ]);
  });
});
