/**
 * A candidate that crashes before it counts anything looks healthy and missing. So the share of
 * requests it counts is tested against its weight, in both directions.
 */
import { itemAt } from '#domain/item-at.ts';
import { logMeanExp } from '#domain/statistics/logarithms.ts';

const MULTIPLIERS = [0.5, 0.8, 1.25, 2] as const;
export const LOG_SHARE_IS_WRONG = Math.log(1_000);

/** One logarithm a multiplier of the configured share. */
export type LogShares = readonly number[];

export const expectedShares = (): LogShares => MULTIPLIERS.map(() => 0);

export const logShare = (shares: LogShares): number => logMeanExp(shares);

export function weighShare(
  shares: LogShares,
  weight: number,
  requests: { readonly candidate: number; readonly stable: number },
): LogShares {
  return shares.map((log, index) => {
    const share = Math.min(itemAt(MULTIPLIERS, index) * weight, (1 + weight) / 2);
    return (
      log +
      requests.candidate * Math.log(share / weight) +
      requests.stable * Math.log((1 - share) / (1 - weight))
    );
  });
}
