/** One figure of the benchmark: what was measured, what is wanted, and whether it is met. */

export type Figure = {
  readonly name: string;
  /** None for what is merely counted. */
  readonly unit: 'ms' | 's' | 'KiB' | 'MiB' | '';
  readonly samples: readonly number[];
  readonly compare: 'median' | 'p99' | 'max';
  /** Must stay below this; absent for what is only there to judge the others by. */
  readonly below?: number;
};

/** The smallest value that at least this share of all is not above. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

const COLUMNS = ['figure', 'median', 'p99', 'min', 'max', 'n', 'wanted', ''];

export type Timed = { readonly tookMs: number; readonly cpuMs: number };

/** On a busy machine the clock also counts what others do. */
export function sayTimes(
  say: (figure: Figure) => void,
  { name, below }: Pick<Figure, 'name' | 'below'>,
  times: readonly Timed[],
): void {
  const both = { unit: 'ms', compare: 'median' } as const;
  say({
    ...both,
    name,
    ...(below !== undefined && { below }),
    samples: times.map(({ tookMs }) => tookMs),
  });
  say({ ...both, name: '  of this its own work (CPU)', samples: times.map(({ cpuMs }) => cpuMs) });
}

/** Runs something and says how long it took: by the clock, and by its own use of the processor. */
export async function timed(work: () => unknown): Promise<Timed> {
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  return { tookMs, cpuMs: (user + system) / 1_000 };
}

/** As Markdown, so that it can be pasted where people discuss it. */
export function printHead(): void {
  console.log(row(COLUMNS));
  console.log(row(COLUMNS.map(() => '---')));
}

export function printFigure(figure: Figure): void {
  const { name, unit, samples, compare, below } = figure;
  const of = (share: number) => `${readable(quantile(samples, share))} ${unit}`;
  const wanted = below === undefined ? '' : `${compare} below ${below} ${unit}`;
  const numbers = [of(0.5), of(0.99), of(0), of(1), String(samples.length)];
  console.log(row([name, ...numbers, wanted, outcomeOf(figure)]));
}

function outcomeOf({ samples, compare, below }: Figure): string {
  if (below === undefined) return 'for comparison';
  const share = { median: 0.5, p99: 0.99, max: 1 }[compare];
  return quantile(samples, share) < below ? 'met' : 'NOT MET';
}

const readable = (number: number) =>
  number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(3);

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
