/** Evidence is kept as natural logarithms; this stands for the logarithm of zero and survives JSON. */
export const LOG_ZERO = -1e9;

export function logAddExp(a: number, b: number): number {
  const high = Math.max(a, b);
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

export function logSumExp(logs: readonly number[]): number {
  let high = LOG_ZERO;
  for (const log of logs) high = Math.max(high, log);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - high);
  return sum > 0 ? high + Math.log(sum) : LOG_ZERO;
}

export const logMeanExp = (logs: readonly number[]) => logSumExp(logs) - Math.log(logs.length);

export const clamp = (value: number, low: number, high: number) =>
  Math.min(Math.max(value, low), high);
