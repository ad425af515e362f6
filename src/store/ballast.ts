/**
 * Room on the disk that is kept for what stops something: a file that is removed when a stop meets
 * a full disk, so that the stop is committed out of its room. It is made again once there is room.
 */
import { existsSync, rmSync, type StatsFs } from 'node:fs';
import { rename, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export const ballastPath = (databasePath: string) => `${databasePath}.ballast`;

const BALLAST_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

export type Ballast = {
  /** It was removed, and what is left of its room is for stops alone. */
  readonly isGone: () => boolean;
  /** Gives its room back; false when there was none to give. */
  readonly drop: () => boolean;
  /** Makes it when it is not there and would leave as much again free; gives back the share free. */
  readonly keep: () => Promise<number>;
};

type Room = Pick<StatsFs, 'bavail' | 'bsize' | 'blocks'>;

export function createBallast(
  path: string,
  bytes = BALLAST_BYTES,
  roomIn: (folder: string) => Promise<Room> = statfs,
): Ballast {
  let isGone = false;
  return {
    isGone: () => isGone,
    drop: () => {
      if (!existsSync(path)) return false;
      isGone = true;
      rmSync(path, { force: true });
      return true;
    },
    keep: async () => {
      const { bavail, bsize, blocks } = await roomIn(dirname(path));
      const share = bavail / Math.max(1, blocks);
      if (existsSync(path)) return share;
      isGone = bavail * bsize < 2 * bytes;
      if (isGone) return share;
      // Some file systems give zeros no room.
      await writeFile(`${path}.new`, pieces(bytes));
      await rename(`${path}.new`, path);
      return share;
    },
  };
}

/** All of it at once would be held as memory for as long as nothing else asks for memory. */
function* pieces(bytes: number) {
  const piece = Buffer.alloc(PIECE_BYTES, 'ballast ');
  for (let left = bytes; left > 0; left -= PIECE_BYTES) yield piece.subarray(0, left);
}
