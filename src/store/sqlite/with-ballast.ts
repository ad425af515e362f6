import Sqlite from 'better-sqlite3';
import type { Ballast } from '#store/ballast.ts';
import { outage } from '#store/outage.ts';
import type { ChangeStore } from '#store/port.ts';

/**
 * With the disk full, what stops something is committed out of the ballast. Whatever else is refused
 * until there is room again, or agents' logs and polls would use that room up.
 */
export const withBallast = (
  store: ChangeStore,
  ballast: Pick<Ballast, 'isGone' | 'drop'>,
): ChangeStore => ({
  onCommit: store.onCommit,
  change: async (aggregate, decide, request) => {
    if (!request.isStop) assertRoom(ballast);
    try {
      return await store.change(aggregate, decide, request);
    } catch (error) {
      if (!isFull(error) || !request.isStop || !ballast.drop()) throw error;
      return await store.change(aggregate, decide, request);
    }
  },
});

/** For what is written past the store, such as agents' logs. */
export function assertRoom(ballast: Pick<Ballast, 'isGone'>): void {
  if (ballast.isGone()) throw outage('NO_ROOM', 'the disk is full');
}

const isFull = (error: unknown) =>
  error instanceof Sqlite.SqliteError && error.code === 'SQLITE_FULL';
