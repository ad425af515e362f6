import type { Effect } from '#domain/effect.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { laneOf, priorityOf, shareOf, subjectOf } from '#store/lanes.ts';
import { type Outbox, WAIT_MS_MAX } from '#store/port.ts';
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
  return {
    due: (share, at, limit) => {
      const heads = new Map<string, Debt>();
      for (const debt of disk.owed.values()) if (!heads.has(debt.lane)) heads.set(debt.lane, debt);
      return [...heads.values()]
        .filter(({ effect }) => shareOf(effect) === share)
        .filter(({ notBefore }) => notBefore <= at || notBefore > at + WAIT_MS_MAX)
        .sort((one, other) => one.priority - other.priority || one.id - other.id)
        .slice(0, limit);
    },
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
      const [oldest] = [...disk.owed.values()].map(({ owedAt }) => owedAt).sort((a, b) => a - b);
      return { count: disk.owed.size, ...(oldest !== undefined && { oldest }) };
    },
    nextDue: () => {
      const [due] = [...disk.owed.values()].map(({ notBefore }) => notBefore).sort((a, b) => a - b);
      return due;
    },
  };
}
