import { type Disk, emptyDisk } from '#test/simulation/memory-store/disk.ts';
import { createMemoryOutbox } from '#test/simulation/memory-store/outbox.ts';
import { createMemoryQueries } from '#test/simulation/memory-store/queries.ts';
import {
  createMemoryJournal,
  createMemoryMessageLog,
  createMemoryStore,
} from '#test/simulation/memory-store/store.ts';

/** Everything that works on one disk, as a process opens it. */
export function openMemoryStore(disk: Disk = emptyDisk()) {
  return {
    store: createMemoryStore(disk),
    queries: createMemoryQueries(disk),
    outbox: createMemoryOutbox(disk),
    messages: createMemoryMessageLog(disk),
    journal: createMemoryJournal(disk),
    entries: () => disk.register.length,
    register: () => disk.register as readonly Disk['register'][number][],
  };
}
