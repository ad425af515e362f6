/**
 * The store as the witness sees it: every commit is compared with what was there before. A database
 * that somebody else has locked refuses now and then, before anything is read.
 */
import type { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import type { Flag, FlagIntent } from '#domain/flag.ts';
import type { KillIntent } from '#domain/killswitch.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import type { ChangeStore } from '#store/port.ts';
import { compareAnswers } from '#test/simulation/agents.ts';
import { asking, type Life } from '#test/simulation/life.ts';
import type { World } from '#test/simulation/world.ts';

/** Somebody else has the database; it is an outage, and asking again later is all there is to do. */
export class LockedDisk extends Error {
  constructor() {
    super('database is locked');
    this.name = 'LockedDisk';
  }
}

export type Asked = ServiceIntent | FlagIntent | KillIntent | undefined;
type Watched = ReturnType<World['open']> & {
  readonly snapshots: ReturnType<typeof createSnapshotHolder>;
  readonly asked: () => Asked;
};

export function watchedStore(world: World, life: Life, seen: Watched): ChangeStore {
  const { witness, weather } = world;
  const { store, entries, snapshots } = seen;
  return {
    onCommit: store.onCommit,
    change: (aggregate, decide, request) =>
      asking(life, async () => {
        const intent = seen.asked();
        // Memory first: agents obey a kill before anything is asked of the disk.
        const { kind, name } = aggregate;
        const isKill = kind === 'killswitch' && request.isRetried && isByMember(intent);
        const isActing = snapshots.current().kills.has(name);
        witness.must(!isKill || isActing, `a kill of ${name} waits for its commit`);
        if (weather.strikes('disk')) throw new LockedDisk();
        const before = { entries: entries(), snapshot: snapshots.current() };
        let check = () => {
          witness.must(entries() === before.entries, 'a repeat left an entry');
        };
        const outcome = store.change(
          aggregate,
          (state) => {
            const decision = decide(state);
            const { audit } = decision.ok ? decision.value : decision.refusal;
            check = () => {
              const grown = entries() - before.entries;
              witness.must(grown === (audit ? 1 : 0), `a change left ${grown} entries`);
              if (!decision.ok) return;
              const { next, owes, judged } = decision.value;
              if (next === state && !audit && owes.length === 0 && !judged) return;
              witness.committed(owes, request);
              // The kind names the types of what was and is, and of who asked for it.
              if (aggregate.kind === 'flag')
                witness.flag({
                  before: state as Flag,
                  after: next as Flag,
                  intent: intent as FlagIntent | undefined,
                  snapshot: snapshots.current(),
                });
              if (aggregate.kind !== 'service') return;
              const [was, is] = [state as Service | undefined, next as Service];
              const wish = intent as ServiceIntent | undefined;
              witness.service(was, is, { ...request, intent: wish, audit });
              const wrong = compareAnswers(before.snapshot, snapshots.current(), was, is);
              witness.must(wrong === undefined, wrong ?? '');
            };
            return decision;
          },
          request,
        );
        // Nothing has been waited for yet, so nobody else was in between.
        check();
        return await outcome;
      }),
  };
}

/** What comes out of the journal, or with a rollback, was asked by nobody just now and may be done. */
const isByMember = (intent: Asked) => intent === undefined || intent.by.membership === 'full';
