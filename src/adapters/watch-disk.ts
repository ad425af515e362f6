import type { Telemetry } from '#adapters/telemetry.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';
import type { Ballast } from '#store/ballast.ts';

const FREE_SHARE_MIN = 0.2;

export type WatchDiskDeps = {
  readonly ballast: Ballast;
  readonly telemetry: Pick<Telemetry, 'diskFree' | 'ballastGone'>;
  readonly log: Logger;
};

/** Keeps the ballast, and says so once when the disk fills up and once when it has room again. */
export function watchDisk({ ballast, telemetry, log }: WatchDiskDeps): { stop: () => void } {
  let isShort = false;
  const look = async () => {
    const share = await ballast.keep();
    telemetry.diskFree.set(share);
    telemetry.ballastGone.set(ballast.isGone() ? 1 : 0);
    const wasShort = isShort;
    isShort = share < FREE_SHARE_MIN;
    if (isShort && !wasShort) log.warn({ share }, 'The disk is filling up; make room');
    if (!isShort && wasShort) log.info({ share }, 'The disk has room again');
    if (ballast.isGone())
      log.error({ share }, 'The disk is full; only what stops something is written');
  };
  const lookOrSay = () =>
    void look().catch((err: unknown) => log.warn({ err }, 'The ballast cannot be made'));
  const timer = setInterval(lookOrSay, MINUTE_MS);
  lookOrSay();
  return { stop: () => clearInterval(timer) };
}
