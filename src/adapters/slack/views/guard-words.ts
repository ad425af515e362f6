/** Guards and how they stand, in words and numbers. */
import type { CustomGuard, Guard, GuardName } from '#domain/guard.ts';
import { GUARD_LIMITS } from '#domain/guard.ts';
import type { Plan } from '#domain/plan.ts';
import { DEFAULT_GUARDS } from '#domain/policy/policy.ts';
import { guardName, limitPercent, percent, rateOf, whole } from '#domain/policy/wording.ts';
import { inWords } from '#domain/time.ts';
import type { LineFigures, Tally, Verdict } from '#domain/verdict.ts';

const isKnown = (name: string): name is GuardName => Object.hasOwn(GUARD_LIMITS, name);

/** `error rate at most 5 %, no worse than stable`. */
export function guardWords({ name, limit, versusStable }: Guard): string {
  const most = limit === undefined ? [] : [limitWords(name, limit)];
  const margin = versusStable && versusStable.margin > 0 ? versusStable.margin : 0;
  const than = margin > 0 ? `at most ${limitPercent(margin)} worse than stable` : NO_WORSE;
  return `${guardName(name)} ${[...most, ...(versusStable ? [than] : [])].join(', ')}`;
}

const NO_WORSE = 'no worse than stable';

const customGuardWords = ({ name, max, forMs }: CustomGuard) =>
  `${guardName(name)} at most ${max}${forMs > 0 ? ` but for ${inWords(forMs)}` : ''}`;

/** What a plan watches; a plan without guards has the usual ones. */
export function guardsInWords({ guards, customGuards }: Plan): readonly string[] {
  const own = [...guards.map(guardWords), ...customGuards.map(customGuardWords)];
  return own.length > 0 ? own : DEFAULT_GUARDS.map(guardWords);
}

function limitWords(name: string, limit: number): string {
  const bound = isKnown(name) && GUARD_LIMITS[name] === 'min' ? 'at least' : 'at most';
  return `${bound} ${amount(name, limit)}`;
}

function amount(name: string, value: number): string {
  if (name.startsWith('latency')) return `${whole(value)} ms`;
  return name.startsWith('cost') ? `$${Number(value.toPrecision(3))}` : limitPercent(value);
}

export type GuardRow = {
  readonly guard: string;
  readonly candidate: string;
  readonly stable: string;
  readonly limit: string;
};

/** One row a guard, whether it is held against a limit, against stable, or both. */
export function guardRows({ figures, says, reason }: Verdict): readonly GuardRow[] {
  const isTrouble = says === 'stop' || reason === 'suspicion';
  const names = [...new Set(figures.lines.map(({ guard }) => guard))];
  return names.flatMap((name) => {
    const lines = figures.lines.filter(({ guard }) => guard === name);
    const shown = lines.find(({ against }) => against === 'limit') ?? lines[0];
    if (!shown) return [];
    // A long good past would hide in the table what the verdict is about.
    const { candidate, stable } = (isTrouble && shown.rise) || shown;
    const limits = lines.map((line) => (line.against === 'stable' ? NO_WORSE : ownLimit(line)));
    return [
      {
        guard: guardName(name),
        candidate: amountOf(shown, candidate),
        stable: amountOf(shown, stable),
        limit: limits.join(', '),
      },
    ];
  });
}

function ownLimit({ guard, limit }: LineFigures): string {
  return limit === undefined ? NO_WORSE : limitWords(guard, limit);
}

/** Stated as the guard is: of a success rate the successes, of a p95 how many were slower. */
function amountOf(line: LineFigures, tally: Tally): string {
  const { observations, bad } = tally;
  if (observations === 0) return '–';
  const share = bad / observations;
  if (line.cap !== undefined) return amount(line.guard, share);
  if (line.slowerThan !== undefined)
    return `${percent(share)} over ${`${whole(line.slowerThan)} ms`.replaceAll(' ', '\u00a0')}`;
  const isLeast = isKnown(line.guard) && GUARD_LIMITS[line.guard] === 'min';
  return percent(isLeast ? 1 - share : share);
}

/** What the counted bad ones are called where the guard is stated by the good ones. */
const BAD_NAMES: Readonly<Record<string, string>> = {
  success_rate: guardName('error_rate'),
  goal_completion_rate: 'missed goals',
};

export const badName = (guard: string) => BAD_NAMES[guard] ?? guardName(guard);

/** Which guard a verdict is about, if any. */
export const leadingGuard = ({ figures }: Verdict): string | undefined =>
  figures.leading === undefined ? undefined : figures.lines[figures.leading]?.guard;

/**
 * `error rate 41.2 % of 85 requests, limit 5 %; stable 0.8 %`: the line that speaks loudest, since
 * it began to. A long good past would only dilute what is wrong now.
 */
export function leadingLine({ figures }: Verdict): string | undefined {
  const line = figures.leading === undefined ? undefined : figures.lines[figures.leading];
  const { candidate, stable } = line?.rise ?? line ?? {};
  if (!line || !candidate || !stable || candidate.observations === 0) return undefined;
  const { guard, slowerThan } = line;
  const name = badName(guard);
  const slower = slowerThan === undefined ? '' : ` slower than ${whole(slowerThan)} ms`;
  const limit = limitOfBad(figures.lines, guard);
  const than = stable.observations > 0 ? `; stable ${badOf(line, stable)}` : '';
  return `${name} ${rateOf(line, candidate)}${slower}${limit ? `, limit ${limit}` : ''}${than}`;
}

/** The guard's own limit, also when it is the comparison with stable that speaks. */
function limitOfBad(lines: readonly LineFigures[], guard: string): string | undefined {
  if (guard in SLOWER_THAN_LIMIT) return SLOWER_THAN_LIMIT[guard];
  const limit = lines.find((line) => line.guard === guard && line.limit !== undefined)?.limit;
  if (limit === undefined) return undefined;
  const isLeast = isKnown(guard) && GUARD_LIMITS[guard] === 'min';
  return amount(guard, isLeast ? 1 - limit : limit);
}

/** "p95 at most L" says the same as "at most 5 % are slower than L". */
const SLOWER_THAN_LIMIT: Readonly<Record<string, string>> = {
  latency_p95_ms: '5 %',
  latency_p99_ms: '1 %',
};

function badOf({ guard, cap }: LineFigures, { bad, observations }: Tally): string {
  const share = bad / observations;
  return cap === undefined ? percent(share) : amount(guard, share);
}
