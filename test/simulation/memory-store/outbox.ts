import type { Effect } from '#domain/effect.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { laneOf, priorityOf, shareOf, subjectOf } from '#store/lanes.ts';
import { type Outbox, WAIT_MS_MAX } from '#store/port.ts';
import type { Debt, Disk } from '#test/simulation/memory-store/disk.ts';

/** Adds what a decision owes; a sync that is owed already becomes newer instead. */
export function owe(disk: Disk, effects: readonly Effect[], at: Instant): void {
  for (const effect of effects) {
    const subject = subjectOf(effect);
    const same = subject === null ? undefined : disk.owed.get(disk.owedOf.get(subject) ?? 0);
    if (same) {
      const notBefore = asInstant(Math.min(same.notBefore, at));
      write(disk, { ...same, generation: same.generation + 1, notBefore });
      continue;
    }
    disk.lastDebt += 1;
    const id = disk.lastDebt;
    const fresh = { generation: 1, owedAt: at, notBefore: at, tries: 0 };
    const [lane, priority, share] = [laneOf(effect), priorityOf(effect), shareOf(effect)];
    write(disk, { id, effect, subject, lane, priority, share, ...fresh });
    if (subject !== null) disk.owedOf.set(subject, id);
  }
}

function write(disk: Disk, debt: Debt): void {
  disk.owed.set(debt.id, debt);
  disk.heads = undefined;
}

/** Only the oldest of a lane may go. */
function headsOf({ owed }: Disk): readonly Debt[] {
  const heads = new Map<string, Debt>();
  for (const debt of owed.values()) if (!heads.has(debt.lane)) heads.set(debt.lane, debt);
  return [...heads.values()];
}

export function createMemoryOutbox(disk: Disk): Outbox {
  const change = (id: number, about: (debt: Debt) => Partial<Debt>) => {
    const debt = disk.owed.get(id);
    if (debt) write(disk, { ...debt, ...about(debt) });
  };
  const heads = () => {
    disk.heads ??= headsOf(disk);
    return disk.heads;
  };
  return {
    due: (share, at, limit) =>
      heads()
        .filter((debt) => debt.share === share && isDue(debt, at))
        .sort((one, other) => one.priority - other.priority || one.id - other.id)
        .slice(0, limit),
    trying: ({ id }) => change(id, ({ tries }) => ({ tries: tries + 1 })),
    done: ({ id, generation }) => {
      const debt = disk.owed.get(id);
      if (debt?.generation !== generation) return;
      disk.owed.delete(id);
      disk.heads = undefined;
      if (debt.subject !== null) disk.owedOf.delete(debt.subject);
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

const isDue = ({ tries, notBefore }: Debt, at: Instant) =>
  tries === 0 || notBefore <= at || notBefore > at + WAIT_MS_MAX;

const least = (instants: readonly Instant[]): Instant | undefined =>
  instants.length === 0 ? undefined : asInstant(Math.min(...instants));
