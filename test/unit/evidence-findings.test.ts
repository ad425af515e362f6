import { expect, test } from 'vitest';
import type { EvidenceEntry } from '#adapters/cli/evidence-entries.ts';
import { factsOf } from '#adapters/cli/evidence-facts.ts';
import { findingsIn } from '#adapters/cli/evidence-findings.ts';
import { registerStand } from '#adapters/cli/evidence-register.ts';
import { aService, bo, having, liveOf, noon, start } from '#test/support/builders.ts';

const proposed = liveOf(having(aService(), [start({ note: 'why' }), noon]));

const anEntry = (seq: number, about: Partial<EvidenceEntry>): EvidenceEntry => ({
  seq,
  at: `2026-11-20T12:0${seq}:00.000Z`,
  actor: { kind: 'user', id: 'U0BO' },
  by: 'user:U0BO',
  action: 'approve',
  target: { release: 12 },
  from: '',
  to: '',
  reason: 'test',
  outcome: 'done',
  hash: '',
  ...about,
});

const entering = (seq: number, number: number, about: Partial<EvidenceEntry> = {}) =>
  anEntry(seq, { step: { number, weight_percent: 1 }, switch_status: 'owed', ...about });

type About = { readonly judged?: boolean; readonly reviews?: readonly EvidenceEntry[] };

function found(own: readonly EvidenceEntry[], { judged = false, reviews = [] }: About = {}) {
  const approval = { step: 0, upToStep: 0, by: bo.actor, at: noon, digest: 'digest', judged };
  const facts = factsOf({
    release: { ...proposed, approvals: [approval] },
    version: undefined,
    windows: [],
    entries: { own, meanwhile: [], registered: [], reviews },
    register: registerStand({ says: 'unvouched', entries: 9, problem: 'test' }, undefined),
  });
  const { exceptions, missing } = findingsIn(facts);
  const reviewed = exceptions.flatMap(({ review }) => review ?? []);
  return { exceptions: exceptions.map(({ what, by }) => `${what} (${by})`), missing, reviewed };
}

test('a step that two people judged, or that needed nobody, is told with whoever it was', () => {
  const byPolicy = { actor: { kind: 'policy', id: 'policy' }, by: 'policy:policy' };
  expect(found([entering(1, 1)]).exceptions).toEqual([]);
  expect(found([entering(1, 1), entering(2, 2, byPolicy)], { judged: true }).exceptions).toEqual([
    'step 1 judged by two people (user:U0BO)',
    'step 2 entered without an approval of its own (policy:policy)',
  ]);
});

test('emergencies are told in the order of time, and what was refused is none', () => {
  const policy = { kind: 'policy', id: 'policy' };
  const { exceptions } = found([
    anEntry(4, { action: 'unlock' }),
    anEntry(1, { action: 'kill_on', actor: policy, target: { release: 12, killswitch: 'writes' } }),
    anEntry(2, { action: 'rollback', outcome: 'refused' }),
    anEntry(3, { action: 'watch_stop', actor: policy }),
    anEntry(5, { action: 'pause' }),
  ]);
  expect(exceptions.map((line) => line.replace(/ \(.*/, ''))).toEqual([
    'kill switch thrown: writes',
    'guard broken after completion',
    'locked version unlocked by hand',
  ]);
});

test('an emergency shows who reviewed it, or since when it waits and that it is missing', () => {
  const killed = anEntry(1, { action: 'kill_on', emergency: true });
  const reviewed = anEntry(3, { action: 'emergency_reviewed', reviews: 1, reason: 'right' });
  const at = '2026-11-20T12:03:00.000Z';
  expect(found([killed], { reviews: [reviewed] })).toMatchObject({
    reviewed: [{ by: 'user:U0BO', at, note: 'right', register: 3 }],
    missing: expect.not.arrayContaining([expect.stringMatching(/reviewed/)]),
  });
  expect(found([killed, anEntry(2, { action: 'stop_asked' })])).toMatchObject({
    reviewed: [{ waits_since: killed.at }],
    missing: expect.arrayContaining(['nobody else has reviewed the emergency of entry 1 yet']),
  });
});

test('a step whose traffic nobody read back, and evidence that is gone, are missing', () => {
  expect(found([entering(1, 1)]).missing).toEqual([
    expect.stringMatching(/no pipeline registered/),
    expect.stringMatching(/nobody read back that traffic was set to step 1/),
    expect.stringMatching(/no window of step 1 is kept/),
    'no checkpoint vouches yet for any of its entries',
  ]);
});
