/** What people ask of the database: each question has one answer, and changes nothing. */
import { expect, test } from 'vitest';
import type { AgentLog } from '#domain/agent-log.ts';
import { newFlag } from '#domain/flag.ts';
import { type Release, recordOf } from '#domain/release.ts';
import { no, yes } from '#domain/result.ts';
import { REMINDERS_MAX, type Review } from '#domain/review.ts';
import { countLogs, rollUp } from '#domain/roll-up.ts';
import { unchanged } from '#domain/service.ts';
import { DAY_MS, type Instant, later } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import type { Aggregate, Aggregates } from '#store/port.ts';
import type { EntrySearch } from '#store/queries.ts';
import { createPruner } from '#store/sqlite/prune.ts';
import {
  aJudgedWindow,
  ana,
  aService,
  bo,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  start,
  totals,
} from '#test/support/builders.ts';
import { anEntry } from '#test/support/register.ts';
import { aStore } from '#test/support/store.ts';

function asked() {
  const house = aStore();
  const save = (aggregate: Aggregate, next: Aggregates[Aggregate['kind']]) =>
    house.store.change(aggregate, () => yes({ next, owes: [] }), { at: noon });
  return { ...house, save };
}

const proposal = liveOf(having(aService({ nextReleaseId: 1 }), [start(), noon]));

test('releases are listed with the newest first, of one service or of all, and counted by phase', async () => {
  const { save, queries } = asked();
  const release = (id: number, service: string, how: object) =>
    ({ ...recordOf(proposal), facts: { ...proposal.facts, id, service }, ...how }) as Release;
  const aborted = { phase: 'aborted', at: noon, by: ana.actor, reason: '' };
  const mail = { ...aService(), name: 'mail-agent' };
  const support = aService();
  const [first, second] = [release(1, 'support-agent', aborted), release(2, 'mail-agent', aborted)];
  const third = release(3, 'support-agent', { phase: 'proposed', ask: { step: 0 } });
  await save({ kind: 'service', name: 'support-agent' }, { ...support, ended: first });
  await save({ kind: 'service', name: 'mail-agent' }, { ...mail, ended: second });
  await save({ kind: 'service', name: 'support-agent' }, { ...support, live: third });
  expect(queries.history(undefined, 9)).toEqual([third, second, first]);
  expect(queries.history(undefined, 2)).toEqual([third, second]);
  expect(queries.history('support-agent', 9)).toEqual([third, first]);
  expect(queries.history('nobody', 9)).toEqual([]);
  expect(queries.releasesByPhase()).toEqual(
    new Map([
      ['aborted', 2],
      ['proposed', 1],
    ]),
  );
});

test('judged windows come back in their order, the newest of them, and each was judged once', async () => {
  const { store, queries, db } = asked();
  const reported = countLogs([aLog('ana', noon), aLog('ben', noon, { success: false })]);
  const windowTo = (minute: number, words: string) => ({
    ...{ from: minutesAfterNoon(minute - 1), to: minutesAfterNoon(minute), weightPercent: 10 },
    ...{ candidate: reported, stable: totals(minute, words.length) },
  });
  const judge = (release: number, minute: number, words: string) => {
    const verdict = { ...aJudgedWindow().verdict, words };
    const judged = { release, step: minute, window: windowTo(minute, words), verdict };
    return store.change(
      { kind: 'register', name: 'test' },
      () => yes({ next: null, owes: [], judged }),
      { at: noon },
    );
  };
  for (const minute of [2, 1, 3]) await judge(7, minute, 'healthy');
  await judge(7, 3, 'judged a second time');
  await judge(8, 1, 'of another release');
  const past = (minute: number, words = 'healthy') => ({
    ...{ step: minute, says: 'hold', reason: 'not_enough_evidence', words },
    window: windowTo(minute, words),
  });
  expect(queries.windows(7, 9)).toEqual([past(1), past(2), past(3)]);
  expect(queries.windows(7, 2)).toEqual([past(2), past(3)]);
  expect(queries.windows(9, 9)).toEqual([]);
  db.$client.exec(`update verdicts set candidate = '{}' where release = 8`);
  expect(() => queries.windows(8, 9)).toThrow(`counts of window 8/${minutesAfterNoon(1)}`);
});

test('flags and kill switches are listed by name', async () => {
  const { save, queries } = asked();
  const touched = { isOn: true, reason: 'it mails', changedBy: ana.actor, changedAt: noon };
  for (const name of ['writes', 'mails']) {
    await save({ kind: 'flag', name }, newFlag(name));
    await save({ kind: 'killswitch', name }, { name, ...touched });
  }
  expect(queries.flags()).toEqual([newFlag('mails'), newFlag('writes')]);
  expect(queries.flag('writes')).toEqual(newFlag('writes'));
  expect(queries.flag('none')).toBeUndefined();
  expect(queries.killSwitches().map(({ name }) => name)).toEqual(['mails', 'writes']);
});

const aLog = (key: string, at: Instant, about: Partial<AgentLog> = {}): AgentLog => ({
  ...{ service: 'support-agent', version: '2.3.3', at, success: true, assigned: 'split', key },
  ...{ toolCalls: 0, toolFailures: 0, injections: 0, unexpectedTools: 0 },
  ...about,
});

test('a row that cannot be read is named, for whoever has to repair it', async () => {
  const { save, store, outbox, queries, db } = asked();
  const version = { service: 'support-agent', version: '2.4.0', registeredAt: noon } as const;
  const token = { kind: 'token', id: 'ci' } as const;
  await save(
    { kind: 'version', name: 'support-agent@2.4.0' },
    { ...version, authors: [], components: [], registeredBy: token },
  );
  await save({ kind: 'flag', name: 'new-tone' }, newFlag('new-tone'));
  await save({ kind: 'service', name: 'support-agent' }, { ...aService(), live: proposal });
  const known = () => queries.registeredVersion('support-agent', '2.4.0');
  const spoilt = [
    ['versions', 'authors', 'authors of version support-agent@2.4.0', known],
    ['versions', 'components', 'components of version support-agent@2.4.0', known],
    ['flags', 'allowed', 'allowed of flag new-tone', () => queries.flag('new-tone')],
    ['releases', 'state', 'state of release 1', () => queries.release(1)],
    ['releases', 'facts', 'facts of release 1', () => queries.release(1)],
    ['services', 'former', 'former of service support-agent', queries.services],
  ] as const;
  for (const [table, column, words, ask] of spoilt) {
    db.$client.exec(`update ${table} set ${column} = '{}'`);
    expect(ask).toThrow(`Broken invariant: ${words} cannot be read`);
  }
  const owes = [{ sync: 'card', release: 1 }] as const;
  const register = { kind: 'register', name: 'test' } as const;
  await store.change(register, () => yes({ next: null, owes }), { at: noon });
  const refusal = { code: 'nothing_asked' } as const;
  const refuse = () => store.change(register, () => no({ refusal }), { at: noon, inboxKey: 'k1' });
  expect(await refuse()).toEqual(no(refusal));
  db.$client.exec(`update inbox set refusal = '{}'`);
  await expect(refuse).rejects.toThrow('refusal of inbox k1 cannot be read');
  const due = () => outbox.due('slack', noon, 9);
  db.$client.exec(`update outbox set sent = '{}'`);
  expect(due).toThrow('sent of outbox 1 cannot be read');
  db.$client.exec(`update outbox set effect = '[]'`);
  expect(due).toThrow('effect of outbox 1 cannot be read');
  db.$client.exec(`insert into roles (id, lines) values (1, '7')`);
  await expect(
    store.change({ kind: 'roles', name: 'roles' }, unchanged, { at: noon }),
  ).rejects.toThrow('roles of the roles of the file cannot be read');
});

test('versions are known once a pipeline registers them or agents report them', async () => {
  const { save, queries, logs } = asked();
  const version = (service: string, version: string): RegisteredVersion => ({
    ...{ service, version, authors: [], components: [] },
    ...{ registeredBy: { kind: 'token', id: 'ci' }, registeredAt: noon },
  });
  const saved = [version('support-agent', '2.4.0'), version('mail-agent', '2.5.0')];
  for (const one of saved)
    await save({ kind: 'version', name: `${one.service}@${one.version}` }, one);
  const report = (items: readonly AgentLog[]) =>
    logs.record([{ items: JSON.stringify(items), rollUps: rollUp(items), at: noon, digest: '' }]);
  report(['2.4.0', '2.3.3', '2.3.3'].map((reported) => aLog('ana', noon, { version: reported })));
  report([aLog('ana', noon, { service: 'mail-agent', version: '1.0.0' })]);
  expect(queries.registeredVersions('support-agent')).toEqual(['2.4.0']);
  expect(queries.knownVersions('support-agent')).toEqual(['2.3.3', '2.4.0']);
  expect(queries.registeredVersion('support-agent', '2.4.0')).toEqual(saved[0]);
  expect(queries.registeredVersion('support-agent', '2.5.0')).toBeUndefined();
});

test('traffic of a day is that of the last one, or of what there is of it', () => {
  const { queries, logs } = asked();
  const serve = (at: Instant, items: readonly AgentLog[]) =>
    logs.record([{ items: JSON.stringify(items), rollUps: rollUp(items), at, digest: `${at}` }]);
  const traffic = (at: Instant) => queries.traffic('support-agent', at);
  expect(traffic(noon)).toBeUndefined();
  serve(noon, [aLog('ana', noon), aLog('ben', noon, { success: false }), aLog('ana', noon)]);
  serve(noon, [aLog('chidi', noon, { service: 'mail-agent' })]);
  expect(queries.traffic('nobody', noon)).toBeUndefined();
  // Seconds after the first report a minute is assumed, not the whole of a day's worth at once.
  expect(traffic(later(noon, 1))).toEqual({
    ...{ requestsPerDay: 3 * 24 * 60, distinctKeys: 2, badRate: 1 / 3 },
  });
  const evening = later(noon, DAY_MS / 4);
  serve(evening, [aLog('ben', evening)]);
  expect(traffic(later(noon, DAY_MS / 2))).toEqual({
    ...{ requestsPerDay: 8, distinctKeys: 2, badRate: 1 / 4 },
  });
  expect(traffic(later(noon, 0.7 * DAY_MS))).toMatchObject({ requestsPerDay: 6 });
  expect(traffic(later(noon, DAY_MS))).toMatchObject({ requestsPerDay: 4 });
  const dayAfter = later(noon, DAY_MS + 1);
  expect(traffic(dayAfter)).toMatchObject({ distinctKeys: 1, badRate: 0 });
  expect(traffic(later(evening, DAY_MS + 1))).toBeUndefined();
});

test('entries are found by who, what and when, and each page says where the next one begins', async () => {
  const { store, queries } = asked();
  const found = (search: Partial<EntrySearch>) => {
    const { entries, next } = queries.searchEntries({ limit: 9, ...search });
    return { seqs: entries.map(({ seq }) => seq), next };
  };
  expect(found({ since: noon })).toEqual({ seqs: [], next: undefined });
  const entries = [
    anEntry({ actor: ana.actor, action: 'start' }),
    anEntry({ actor: bo.actor, outcome: 'refused', target: { flag: 'new-tone' } }),
    anEntry({ actor: { kind: 'cli', id: bo.actor.id }, target: { killswitch: 'writes' } }),
    anEntry({ actor: ana.actor }),
  ].map((entry, nth) => ({ ...entry, at: minutesAfterNoon(nth) }));
  for (const audit of entries)
    await store.change(
      { kind: 'register', name: 'test' },
      () => yes({ next: null, owes: [], audit }),
      { at: noon },
    );
  expect(queries.lastEntries(2)).toMatchObject([
    { seq: 4, body: { action: 'promote', actor: { id: ana.actor.id } } },
    { seq: 3, body: { target: { killswitch: 'writes' } } },
  ]);
  const all = { next: undefined };
  expect(found({ by: bo.actor })).toEqual({ seqs: [2], ...all });
  expect(found({ by: { id: bo.actor.id } })).toEqual({ seqs: [3, 2], ...all });
  expect(found({ by: { kind: 'user' } })).toEqual({ seqs: [4, 2, 1], ...all });
  expect(found({ action: 'start' })).toEqual({ seqs: [1], ...all });
  expect(found({ outcome: 'refused' })).toEqual({ seqs: [2], ...all });
  expect(found({ service: 'support-agent' })).toEqual({ seqs: [4, 1], ...all });
  expect(found({ about: 'flag' })).toEqual({ seqs: [2], ...all });
  expect(found({ since: minutesAfterNoon(2) })).toEqual({ seqs: [4, 3], ...all });
  expect(found({ until: minutesAfterNoon(2) })).toEqual({ seqs: [2, 1], ...all });
  expect(found({ since: minutesAfterNoon(1), until: minutesAfterNoon(2) }).seqs).toEqual([2]);
  expect(found({ until: minutesAfterNoon(0) })).toEqual({ seqs: [], ...all });
  expect(found({ limit: 3 })).toEqual({ seqs: [4, 3, 2], next: 2 });
  expect(found({ limit: 3, before: 2 })).toEqual({ seqs: [1], ...all });
  expect(found({ limit: 3, by: ana.actor })).toEqual({ seqs: [4, 1], ...all });
  // The clock was set back, so a later number has an earlier time.
  const audit = anEntry({ at: minutesAfterNoon(1) });
  await store.change(
    { kind: 'register', name: 'test' },
    () => yes({ next: null, owes: [], audit }),
    { at: noon },
  );
  expect(found({ until: minutesAfterNoon(2) }).seqs).toEqual([5, 2, 1]);
});

test('a long register is looked through a stretch at a time, and no further than its time', () => {
  const { db, queries } = asked();
  const body = (action: string) => `'{"action":"${action}"}'`;
  db.$client.exec(`with recursive seqs (seq) as (
      values (1) union all select seq + 1 from seqs where seq < 20003)
    insert into audit select seq, strftime('%FT%T.000Z', 1000000000 + seq, 'unixepoch'),
      iif(seq = 2, ${body('kill_on')}, ${body('start')}), zeroblob(32), zeroblob(32) from seqs`);
  const look = (search: Partial<EntrySearch>) => {
    const { entries, next } = queries.searchEntries({ action: 'kill_on', limit: 9, ...search });
    return { seqs: entries.map(({ seq }) => seq), next };
  };
  const at = (seq: number) => ((1_000_000_000 + seq) * 1_000) as Instant;
  expect(look({})).toEqual({ seqs: [], next: 4 });
  expect(look({ before: 4 })).toEqual({ seqs: [2], next: undefined });
  expect(look({ since: at(4) })).toEqual({ seqs: [], next: 4 });
  expect(look({ since: at(5) })).toEqual({ seqs: [], next: undefined });
  // What came later is not looked through at all.
  expect(look({ until: at(3) })).toEqual({ seqs: [2], next: undefined });
});

test('emergencies are found while they wait, by their entry and by their release', async () => {
  const { store, queries, db } = asked();
  const emergency = (release?: number) => ({
    ...{ at: noon, actor: ana.actor, action: 'rollback', from: '2.4.0', to: '2.3.3', reason: '' },
    target: { service: 'support-agent', ...(release !== undefined && { release }) },
  });
  const review = (entry: number, about: Partial<Review> = {}, release?: number): Review => ({
    ...{ entry, of: emergency(release), reminders: 0, ...about },
  });
  const save = (...next: readonly Review[]) =>
    store.change({ kind: 'reviews', name: 'waiting' }, () => yes({ next, owes: [] }), {
      at: noon,
    });
  const done = { by: bo.actor, at: minutesAfterNoon(9), note: 'right' };
  const [older, nameless, reminded] = [
    review(3, {}, 12),
    review(5),
    review(4, { reminders: REMINDERS_MAX }, 12),
  ];
  const reviewed = review(1, { done }, 12);
  await save(nameless, older, reminded, reviewed);
  expect(queries.waitingReviews()).toEqual([older, reminded, nameless]);
  expect(queries.reviewsToRemind()).toEqual([older, nameless]);
  expect(queries.reviewsOf(12)).toEqual([reviewed, older, reminded]);
  expect(queries.reviewsOf(13)).toEqual([]);
  expect(queries.review(1)).toEqual(reviewed);
  expect(queries.review(2)).toBeUndefined();
  await save({ ...older, reminders: 1 });
  expect(queries.review(3)).toEqual({ ...older, reminders: 1 });
  db.$client.exec(`update reviews set of = '{}'`);
  expect(() => queries.review(3)).toThrow('emergency of review of entry 3 cannot be read');
});

test('requests, effects that are done and raw logs go once they are old, a slice at a time', async () => {
  const { db, store, outbox, logs } = asked();
  const pruner = createPruner(db);
  const counts = () => {
    const count = (table: string) => db.$client.prepare(`select count(*) from ${table}`).pluck();
    return ['inbox', 'outbox', 'agent_logs'].map((table) => count(table).get());
  };
  for (const minute of [0, 1, 2, 3]) {
    const at = minutesAfterNoon(minute);
    const owes = [{ sync: 'card', release: minute }] as const;
    await store.change({ kind: 'register', name: 'test' }, () => yes({ next: null, owes }), {
      ...{ at, inboxKey: `k${minute}` },
    });
    const owed = outbox.due('slack', at, 9).at(-1);
    // The first is still owed, so it stays, however old it is.
    if (owed && minute > 0) outbox.done(owed, at);
    const items = [aLog('ana', at)];
    logs.record([{ items: JSON.stringify(items), rollUps: rollUp(items), at, digest: '' }]);
  }
  expect(counts()).toEqual([4, 4, 4]);
  const before = minutesAfterNoon(3);
  expect([2, 2, 2].map((limit) => pruner.inbox(before, limit))).toEqual([2, 1, 0]);
  expect([1, 2, 2].map((limit) => pruner.outbox(before, limit))).toEqual([1, 1, 0]);
  expect([2, 2, 2].map((limit) => logs.prune(before, limit))).toEqual([2, 1, 0]);
  expect(counts()).toEqual([1, 2, 1]);
});
