import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import type { Logger } from '#operations/logger.ts';
import { writeSnapshotFile } from '#store/snapshot-file.ts';

/** Many changes at once need one file; a crash within this time loses no decision, only their copy. */
const AFTER_MS = 250;

export type KeepSnapshotDeps = {
  readonly snapshots: Pick<SnapshotHolder, 'current' | 'subscribe'>;
  readonly log: Logger;
};

/** Keeps the file that agents are answered from when the database cannot be opened. */
export function keepSnapshot({ snapshots, log }: KeepSnapshotDeps, path: string) {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = () => {
    timer = undefined;
    writing = writing
      .then(() => writeSnapshotFile(path, snapshots.current()))
      .catch((err: unknown) => log.warn({ err }, 'The snapshot for safe mode cannot be written'));
  };
  const unsubscribe = snapshots.subscribe(() => {
    timer ??= setTimeout(write, AFTER_MS);
  });
  write();
  return {
    stop: async () => {
      unsubscribe();
      if (timer) {
        clearTimeout(timer);
        write();
      }
      await writing;
    },
  };
}
