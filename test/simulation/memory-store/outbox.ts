import type { Effect } from '#domain/effect.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { laneOf, priorityOf, shareOf, subjectOf } from '#store/lanes.ts';
import { type Outbox, type Share, WAIT_MS_MAX } from '#store/port.ts';
import type { Debt, Disk } from '#test/simulation/memory-store/disk.ts';

/** Adds what a decision owes; a sync that is owed already becomes newer instead. */
export function owe(disk: Disk, effects: readonly Effect[], at: Instant): void {
  for (const effect of effects) {
    const subject = subjectOf(effect);
    const same = subject !== null && disk.owed.values().find((debt) => debt.subject === subject);
    if (same) {
      const notBefore = asInstant(Math.min(same.notBefore, at));
      disk.owed.set(same.id, { ...same, generation: same.generation + 1, notBefore });
      continue;
    }
    disk.lastDebt += 1;
    const fresh = { generation: 1, owedAt: at, notBefore: at, tries: 0 };
    const [lane, priority] = [laneOf(effect), priorityOf(effect)];
    disk.owed.set(disk.lastDebt, { id: disk.lastDebt, effect, subject, lane, priority, ...fresh });
  }
}

export function createMemoryOutbox(disk: Disk): Outbox {
  const change = (id: number, about: (debt: Debt) => Partial<Debt>) => {
    const debt = disk.owed.get(id);
    if (debt) disk.owed.set(id, { ...debt, ...about(debt) });
  };
  /** Only the oldest of a lane may go. */
  const heads = (share?: Share): Debt[] => {
    const found: Debt[] = [];
    const lanes = new Set<string>();
    for (const debt of disk.owed.values()) {
      if (lanes.has(debt.lane)) continue;
      lanes.add(debt.lane);
      if (share === undefined || shareOf(debt.effect) === share) found.push(debt);
    }
    return found;
  };
  return {
    due: (share, at, limit) =>
      heads(share)
        .filter(
          ({ tries, notBefore }) => tries === 0 || notBefore <= at || notBefore > at + WAIT_MS_MAX,
        )
        .sort((one, other) => one.priority - other.priority || one.id - other.id)
        .slice(0, limit),
    trying: ({ id }) => change(id, ({ tries }) => ({ tries: tries + 1 })),
    done: ({ id, generation }) => {
      if (disk.owed.get(id)?.generation === generation) disk.owed.delete(id);
    },
    retry: ({ id }, notBefore) => change(id, () => ({ notBefore })),
    readBack: ({ id }, sent, notBefore) =>
      change(id, ({ generation }) => ({
        sent,
        notBefore,
        lane: `read_back:${id}`,
        generation: generation + 1,
      })),
    depth: () => {
      // What only waits to be looked at again is late for nobody.
      const isLate = ({ sent, lane }: Debt) => !sent && !lane.startsWith('escalation:');
      const late = [...disk.owed.values()].filter(isLate);
      const oldest = least(late.map(({ owedAt }) => owedAt));
      return { count: late.length, ...(oldest !== undefined && { oldest }) };
    },
    nextDue: () => least(heads().map(({ notBefore }) => notBefore)),
  };
}

const least = (instants: readonly Instant[]): Instant | undefined =>
  instants.length === 0 ? undefined : asInstant(Math.min(...instants));
