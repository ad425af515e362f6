import { describe, expect, test } from 'vitest';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import {
  emptySnapshot,
  isKilled,
  viewOf,
  withFlag,
  withKill,
  withService,
} from '#domain/snapshot.ts';
import { aFlag, aService } from '#test/support/agents.ts';

const holding = () =>
  createSnapshotHolder(withService(emptySnapshot('production'), 'support-agent', aService()));

type Holder = ReturnType<typeof holding>;
const isOn = (holder: Holder, name: string, environment = 'production') =>
  isKilled(viewOf(holder.current(), environment), name);
const commitKill = (holder: Holder, name: string, on: boolean) =>
  holder.update((snapshot) => withKill(snapshot, name, on));

describe('a kill that is not committed yet', () => {
  test('is on from the moment it is thrown', () => {
    const holder = holding();
    holder.killNow('writes');
    expect(isOn(holder, 'writes')).toBe(true);
    holder.killNow('global/staging');
    expect(isOn(holder, 'anything', 'staging')).toBe(true);
    expect(isOn(holder, 'anything')).toBe(false);
  });

  test('outlasts commits of other things', () => {
    const holder = holding();
    holder.killNow('writes');
    holder.update((snapshot) => withFlag(snapshot, 'new-search', aFlag()));
    commitKill(holder, 'reads', true);
    expect(isOn(holder, 'writes')).toBe(true);
  });

  test('never leaks into what is committed', () => {
    const holder = holding();
    holder.killNow('writes');
    holder.update((snapshot) => {
      expect(snapshot.kills.has('writes')).toBe(false);
      return snapshot;
    });
  });

  test('belongs to the commit once there is one, and goes with its end', () => {
    const holder = holding();
    holder.killNow('writes');
    commitKill(holder, 'writes', true);
    expect(isOn(holder, 'writes')).toBe(true);
    commitKill(holder, 'writes', false);
    expect(isOn(holder, 'writes')).toBe(false);
  });

  test('survives the end of an older kill of the same switch', () => {
    const holder = holding();
    commitKill(holder, 'writes', true);
    holder.killNow('writes');
    commitKill(holder, 'writes', false);
    expect(isOn(holder, 'writes')).toBe(true);
  });

  test('is lifted by a durable off that was decided after it, never by one decided before', () => {
    const holder = holding();
    const beforeTheKill = holder.revision();
    holder.killNow('writes');
    holder.liftKill('writes', beforeTheKill);
    expect(isOn(holder, 'writes')).toBe(true);
    holder.liftKill('writes', holder.revision());
    expect(isOn(holder, 'writes')).toBe(false);
  });
});

describe('the revision', () => {
  test('of an environment changes only with what its agents can see', () => {
    const holder = holding();
    const before = holder.revisionOf('production');
    holder.update((snapshot) => withFlag(snapshot, 'new-search/staging', aFlag()));
    expect(holder.revisionOf('production')).toBe(before);
    holder.update((snapshot) => withFlag(snapshot, 'new-search', aFlag()));
    expect(holder.revisionOf('production')).toBeGreaterThan(before);
  });

  test('stays when a switch is thrown that is on already', () => {
    const holder = holding();
    commitKill(holder, 'writes', true);
    const before = holder.revisionOf('production');
    holder.killNow('writes');
    expect(holder.revisionOf('production')).toBe(before);
  });

  test('stays, and nobody is told, when a commit changes nothing agents can see', () => {
    const holder = holding();
    const before = holder.revision();
    const heard: number[] = [];
    holder.subscribe(() => heard.push(holder.revision()));
    holder.update((snapshot) => withService(snapshot, 'support-agent', aService()));
    expect(holder.revision()).toBe(before);
    expect(heard).toEqual([]);
  });

  test('of every environment changes with “global”, also of one nobody configured', () => {
    const holder = holding();
    const before = ['production', 'unheard-of'].map(holder.revisionOf);
    holder.killNow('global');
    const after = ['production', 'unheard-of'].map(holder.revisionOf);
    expect(after.map((revision, at) => revision > (before[at] ?? 0))).toEqual([true, true]);
  });

  test('is news to whoever listens, until they leave', () => {
    const holder = holding();
    const heard: number[] = [];
    const leave = holder.subscribe(() => heard.push(holder.revision()));
    holder.killNow('writes');
    leave();
    holder.killNow('reads');
    expect(heard).toHaveLength(1);
  });
});
