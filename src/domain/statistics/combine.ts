import { logSumExp } from '#domain/statistics/logarithms.ts';

/** A weighted mean of e-processes is one itself, however much they depend on each other. */
export function combineEvidence(
  lines: readonly { readonly weight: number; readonly logEvidence: number }[],
): number {
  return logSumExp(lines.map(({ weight, logEvidence }) => Math.log(weight) + logEvidence));
}
