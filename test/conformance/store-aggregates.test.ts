import { describe, expect, test } from 'vitest';
import { type Flag, newFlag } from '#domain/flag.ts';
import { untouched } from '#domain/killswitch.ts';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { type Release, recordOf } from '#domain/release.ts';
import { assert, yes } from '#domain/result.ts';
import { type Service, unchanged } from '#domain/service.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import type { Aggregate } from '#store/port.ts';
import {
  ana,
  aPlan,
  aService,
  bo,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  start,
} from '#test/support/builders.ts';
import { STORES } from '#test/support/stores.ts';

const supportAgent = { kind: 'service', name: 'support-agent' } as const;
const proposal = liveOf(having(aService({ nextReleaseId: 1 }), [start(), noon]));
/** In whichever way a release has ended, this is part of it. */
const ENDED = { at: noon, by: ana.actor, reason: 'it is slow', from: '2.4.0', to: '2.3.3' };

describe.each(Object.entries(STORES))('the store %s', (_, open) => {
  test('gives back flags and kill switches exactly as they were saved', async () => {
    const { store, queries } = open();
    const asked: Flag = {
      ...{ ...newFlag('new-tone'), state: 'percentage', percent: 20, allowed: ['user-1'] },
      ...{
        requests: 1,
        request: { id: 1, value: { state: 'on', percent: 0 }, by: bo.actor, at: noon },
      },
    };
    const { request: _, ...answered } = { ...asked, archived: true };
    const saveFlag = (next: Flag) =>
      store.change({ kind: 'flag', name: next.key }, () => yes({ next, owes: [] }), { at: noon });
    const by = { changedBy: ana.actor, changedAt: noon };
    const kill = (name: string, isOn: boolean) =>
      store.change(
        { kind: 'killswitch', name },
        () => yes({ next: { name, isOn, reason: 'it mails', ...by }, owes: [] }),
        { at: noon },
      );
    await saveFlag(asked);
    expect(queries.flags()).toEqual([asked]);
    await saveFlag(answered);
    expect(queries.flags()).toEqual([answered]);
    await kill('writes', true);
    await kill('refunds', true);
    await kill('refunds', false);
    const byName = queries
      .killSwitches()
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    expect(byName).toEqual([
      { name: 'refunds', isOn: false, reason: 'it mails', ...by },
      { name: 'writes', isOn: true, reason: 'it mails', ...by },
    ]);
  });

  test('decides on what was saved before, and on what nobody ever touched', async () => {
    const { store, queries } = open();
    const seen = async (aggregate: Aggregate) => {
      const outcome = await store.change(aggregate, unchanged, { at: noon });
      assert(outcome.ok, 'nothing is refused');
      return outcome.value.state;
    };
    const flag = { ...newFlag('new-tone'), percent: 5 };
    expect(await seen({ kind: 'flag', name: 'new-tone' })).toEqual(newFlag('new-tone'));
    await store.change({ kind: 'flag', name: 'new-tone' }, () => yes({ next: flag, owes: [] }), {
      at: noon,
    });
    expect(await seen({ kind: 'flag', name: 'new-tone' })).toEqual(flag);

    const writes = { kind: 'killswitch', name: 'writes' } as const;
    expect(await seen(writes)).toEqual(untouched('writes'));
    // A drill owes something and changes nothing, so nobody has touched the switch afterwards.
    const owes = [{ sync: 'welcome', channel: 'C1' }] as const;
    await store.change(writes, (next) => yes({ next, owes }), { at: noon });
    expect(await seen(writes)).toEqual(untouched('writes'));
    const on = { ...untouched('writes'), isOn: true, changedBy: ana.actor, changedAt: noon };
    await store.change(writes, () => yes({ next: on, owes: [] }), { at: noon });
    expect(await seen(writes)).toEqual(on);
    expect(await seen({ kind: 'register', name: 'test' })).toBeNull();
    expect(await seen({ kind: 'service', name: 'nobody' })).toBeUndefined();
    expect(queries.service('nobody')).toBeUndefined();
    expect(queries.services()).toEqual([]);
  });

  test('keeps a version as it was first registered', async () => {
    const { store } = open();
    const whole: RegisteredVersion = {
      ...{ service: 'support-agent', version: '2.4.0', commit: 'c0ffee', digest: 'sha256:1' },
      ...{ link: 'https://example.com/2.4.0', authors: ['bo@example.com'] },
      components: [{ name: 'prompt', version: '7', reversibility: 'drain' }],
      ...{ registeredBy: { kind: 'token', id: 'ci' }, registeredAt: noon },
    };
    const { commit: _c, digest: _d, link: _l, ...bare } = { ...whole, version: '2.5.0' };
    const register = ({ service, version }: RegisteredVersion, next: RegisteredVersion) =>
      store.change(
        { kind: 'version', name: `${service}@${version}` },
        () => yes({ next, owes: [] }),
        { at: noon },
      );
    const known = async (name: string) => {
      const outcome = await store.change({ kind: 'version', name }, unchanged, { at: noon });
      return outcome.ok ? outcome.value.state : outcome.refusal;
    };
    expect(await known('support-agent@2.4.0')).toBeUndefined();
    await register(whole, whole);
    await register(bare, bare);
    await register(whole, { ...whole, authors: ['somebody-else'] });
    expect(await known('support-agent@2.4.0')).toEqual(whole);
    expect(await known('support-agent@2.5.0')).toEqual(bare);
    expect(await known('billing-agent@2.4.0')).toBeUndefined();
  });

  test('a retry goes on from the last try of its version, and counts those that had traffic', async () => {
    const { store } = open();
    await store.change(supportAgent, () => yes({ next: aService(), owes: [] }), { at: noon });
    const evidence = openEvidence(policyOf(aPlan()), []);
    const end = async (id: number, how: Partial<Release>) => {
      const facts = { ...proposal.facts, id };
      const ended = { ...recordOf(proposal), facts, ...ENDED, ...how } as Release;
      const next = { ...aService(), ended };
      await store.change(supportAgent, () => yes({ next, owes: [] }), { at: noon });
    };
    const earlier = async (candidate?: string) => {
      const aggregate = { ...supportAgent, ...(candidate !== undefined && { candidate }) };
      const outcome = await store.change(aggregate, unchanged, { at: noon });
      return outcome.ok ? outcome.value.state?.earlier : outcome.refusal;
    };
    expect(await earlier('2.4.0')).toBeUndefined();
    await end(1, { phase: 'aborted', at: minutesAfterNoon(1) });
    const aborted = { release: 1, attempts: 0, endedAt: minutesAfterNoon(1), evidence: null };
    expect(await earlier('2.4.0')).toEqual(aborted);
    await end(2, { phase: 'rolled_back', at: minutesAfterNoon(2), evidence });
    const rolledBack = { release: 2, attempts: 1, endedAt: minutesAfterNoon(2), evidence };
    expect(await earlier('2.4.0')).toEqual(rolledBack);
    // It was declined before it counted anything, so it hands on what it was given.
    await end(3, { phase: 'declined', at: minutesAfterNoon(3), earlier: evidence });
    const declined = { release: 3, attempts: 1, endedAt: minutesAfterNoon(3), evidence };
    expect(await earlier('2.4.0')).toEqual(declined);
    await end(4, { phase: 'completed', watchUntil: noon, watchOver: true });
    expect(await earlier('2.4.0')).toEqual(declined);
    expect(await earlier('2.5.0')).toBeUndefined();
    expect(await earlier()).toBeUndefined();
  });

  test('what ended makes room for what begins, and each is found by its number', async () => {
    const { store, queries } = open();
    const save = (next: Service) =>
      store.change(supportAgent, () => yes({ next, owes: [] }), { at: noon });
    const other = { ...proposal, facts: { ...proposal.facts, id: 2, candidate: '2.5.0' } };
    const ended = { ...recordOf(proposal), ...ENDED, phase: 'aborted' as const };
    const serving = { ...recordOf(other), phase: 'paused', step: 0, since: noon } as Release;
    const crowned = { ...serving, ...ENDED, phase: 'completed', watchOver: false } as Release;
    const rest = aService();
    await save({ ...rest, live: proposal });
    await save({ ...rest, ended, live: other });
    expect(queries.release(1)).toEqual(ended);
    expect(queries.service('support-agent')).toMatchObject({ live: other, nextReleaseId: 3 });
    await save({ ...rest, live: serving });
    expect(queries.service('support-agent')?.live).toEqual(serving);
    await save({ ...rest, stable: '2.5.0', crowned });
    expect(queries.service('support-agent')).toEqual({
      ...{ ...rest, stable: '2.5.0', crowned, nextReleaseId: 3 },
    });
    const third = { ...other, facts: { ...other.facts, id: 3, candidate: '2.6.0' } };
    const full = { ...rest, stable: '2.5.0', crowned, live: third };
    await save(full);
    await store.change(
      supportAgent,
      (service) => yes({ next: { ...(service ?? full), archived: true }, owes: [] }),
      { at: noon },
    );
    expect(queries.service('support-agent')).toEqual({
      ...{ ...full, archived: true, nextReleaseId: 4 },
    });
    await save({ ...rest, stable: '2.5.0', ended: { ...ended, facts: third.facts } });
    // Another version that was made stable by hand has no release.
    await save({ ...rest, stable: '2.6.0' });
    expect(queries.service('support-agent')).not.toHaveProperty('crowned');
    const { stable: _stable, ...unknown } = rest;
    await save(unknown);
    expect(queries.service('support-agent')).toEqual({ ...unknown, nextReleaseId: 4 });
  });

  test('a release that is rolled back while it is watched is live again, although a newer one was asked for', async () => {
    const { store, queries } = open();
    const save = (next: Service) =>
      store.change(supportAgent, () => yes({ next, owes: [] }), { at: noon });
    const rest = aService();
    const newer = { ...proposal, facts: { ...proposal.facts, id: 2, candidate: '2.5.0' } };
    const crowned = { ...recordOf(proposal), ...ENDED, phase: 'completed', watchOver: false };
    await save({ ...rest, stable: '2.4.0', crowned: crowned as Release });
    await save({ ...rest, stable: '2.4.0', live: newer });
    const { at: since, ...returning } = ENDED;
    const back: Release = { ...recordOf(proposal), ...returning, phase: 'rolling_back', since };
    await save({ ...rest, live: back, ended: { ...recordOf(newer), ...ENDED, phase: 'aborted' } });
    expect(queries.service('support-agent')?.live).toEqual(back);
  });

  test('a poll looks at what has traffic, and at a new stable version while it is watched', async () => {
    const { store, queries } = open();
    const applied = { stable: '2.3.3', candidate: '2.4.0', weightPercent: 1 };
    const lock = { version: '2.2.0', release: 9, reason: 'slow', by: bo.actor, at: noon };
    const save = async (name: string, id: number, { live, ended }: Partial<Service>) => {
      const named = (release: Release) => ({
        ...release,
        facts: { ...release.facts, id, service: name },
      });
      const next = {
        ...{ ...aService(), name, former: [], locks: [lock], applied, archived: true },
        ...(live && { live: named(live) }),
        ...(ended && { ended: named(ended) }),
      };
      await store.change({ kind: 'service', name }, () => yes({ next, owes: [] }), { at: noon });
      const { ended: _, ...saved } = next;
      expect(queries.service(name)).toEqual({ ...saved, nextReleaseId: id + 1 });
      expect(queries.release(id)).toEqual(next.live ?? next.ended);
    };
    const serving = { ...recordOf(proposal), phase: 'paused', step: 0, since: noon } as Release;
    const done = { ...recordOf(proposal), ...ENDED, phase: 'completed' as const, judged: false };
    await save('proposed', 1, { live: proposal });
    await save('serving', 2, { live: serving });
    await save('watched', 3, { ended: { ...done, watchUntil: noon, watchOver: false } });
    await save('completed', 4, { ended: { ...done, watchUntil: noon, watchOver: true } });
    await save('another', 5, { live: serving });
    expect(queries.polledServices().toSorted()).toEqual(['another', 'serving', 'watched']);
    const names = ['another', 'completed', 'proposed', 'serving', 'watched'];
    expect(queries.services().map(({ name }) => name)).toEqual(names);
    expect(queries.release(6)).toBeUndefined();
  });
});
