import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptySnapshot,
  type Snapshot,
  viewOf,
  withFlag,
  withKill,
  withService,
} from '#domain/snapshot.ts';
import { changeBetween, withChange } from '#domain/snapshot-change.ts';
import { aFlag, aService, aSplit } from '#test/support/agents.ts';

const environment = fc.constantFrom('', '/staging', '/production', '/unheard-of');
const name = fc
  .tuple(fc.constantFrom('one', 'two', 'three'), environment)
  .map(([base, place]) => `${base}${place}`);
const percent = fc.integer({ min: 0, max: 100 });

type Commit = (snapshot: Snapshot) => Snapshot;
const anyCommit: fc.Arbitrary<Commit> = fc.oneof(
  fc.tuple(name, percent).map(([key, given]): Commit => {
    return (snapshot) =>
      withFlag(snapshot, key, aFlag({ key, percent: given, state: 'percentage' }));
  }),
  name.map(
    (key): Commit =>
      (snapshot) =>
        withFlag(snapshot, key, undefined),
  ),
  fc.tuple(name, percent).map(([service, weightPercent]): Commit => {
    const split = aSplit({ weightPercent, testers: new Set(['anna']) });
    return (snapshot) => withService(snapshot, service, aService({ name: service, split }));
  }),
  name.map(
    (service): Commit =>
      (snapshot) =>
        withService(snapshot, service, undefined),
  ),
  fc
    .tuple(
      fc.oneof(
        name,
        environment.map((place) => `global${place}`),
      ),
      fc.boolean(),
    )
    .map(
      ([killed, on]): Commit =>
        (snapshot) =>
          withKill(snapshot, killed, on),
    ),
);

test('a copy that is told each change answers as the original does, whatever is committed', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyCommit, { maxLength: 4 }), { maxLength: 12 }), (rounds) => {
      let original = emptySnapshot('production');
      let copy = structuredClone(original);
      for (const commits of rounds) {
        const before = original;
        for (const commit of commits) original = commit(original);
        const change = changeBetween(before, original);
        if (change) copy = withChange(copy, structuredClone(change));
        expect({ ...copy, generation: 0 }).toEqual({ ...original, generation: 0 });
        expect(viewOf(copy, 'elsewhere')).toEqual(viewOf(original, 'elsewhere'));
        expect(changeBetween(copy, original)).toBeUndefined();
      }
    }),
    { numRuns: 300 },
  );
});
