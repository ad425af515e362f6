import { expect, test } from 'vitest';
import { isRehearsed, rehearsalOf, rehearsedRollback, shadowOf } from '#domain/drill.ts';
import type { Service } from '#domain/service.ts';
import { EMPTY_VIEW, emptySnapshot } from '#domain/snapshot.ts';
import { aPlan, aService, noon } from '#test/support/builders.ts';

const about = { plan: aPlan({ testers: ['user-1'] }), shadow: '~drill', at: noon };

function done<Value>(result: { readonly ok: boolean; readonly value?: Value }): Value {
  if (!result.ok || result.value === undefined) throw new Error('it was refused');
  return result.value;
}
const rehearsal = (service: Service = aService()) => done(rehearsalOf(service, about));

test('a drill is about a copy whose candidate nobody is given', () => {
  const copy = rehearsal();
  expect(copy).toMatchObject({
    ...{ name: '~drill', archived: false, stable: '2.3.3', former: ['2.3.2'], locks: [] },
    nextReleaseId: 0,
    live: { phase: 'progressing', step: 0, facts: { candidate: 'drill', digest: '', note: '' } },
  });
  const { plan } = copy.live?.facts ?? {};
  expect(plan?.testers).toEqual([]);
  expect(plan?.steps.map(({ weightPercent }) => weightPercent)).toEqual([0, 1, 10, 50, 100]);
  expect(plan?.steps[0]).toMatchObject({ approval: false });
});

test('a drill is over once traffic was read back', () => {
  const back = done(rehearsedRollback(rehearsal(), noon));
  expect(back.live).toMatchObject({ phase: 'rolling_back', reason: 'a drill', to: '2.3.3' });
  const at = (stable: string) => ({ stable, candidate: '', weightPercent: 0 });
  expect(isRehearsed(back, at('2.3.3'), noon)).toBe(true);
  expect(isRehearsed(back, at('2.3.2'), noon)).toBe(false);
  expect(isRehearsed(rehearsal(), at('2.3.3'), noon)).toBe(false);
  expect(isRehearsed(aService(), at('2.3.3'), noon)).toBe(false);
});

test('a drill that cannot be says why', () => {
  expect(rehearsalOf(aService(), { ...about, plan: aPlan({ steps: [] }) })).toEqual({
    ok: false,
    refusal: 'its plan has no steps',
  });
  const { stable: _, ...unknown } = aService();
  expect(rehearsalOf(unknown, about).ok).toBe(true);
  expect(rehearsedRollback(aService(), noon)).toEqual({ ok: false, refusal: 'no_former_stable' });
});

test('a drill is told in the environment of what is rehearsed, if anybody listens there', () => {
  const snapshot = emptySnapshot('production');
  const environments = new Map([...snapshot.environments, ['staging', EMPTY_VIEW] as const]);
  expect(shadowOf(snapshot, 'support-agent')).toBe('~drill/production');
  expect(shadowOf({ ...snapshot, environments }, 'support-agent/staging')).toBe('~drill/staging');
  expect(shadowOf(snapshot, 'support-agent/staging')).toBe('~drill');
});
