/** One line of a recording: what both arms counted in one poll window. */
import { z } from 'zod';
import { COUNTER_NAMES, type Counts, type UnknownReason } from '#domain/evidence.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { asInstant, type Instant } from '#domain/time.ts';

export type ReplayLine = {
  readonly trace: string | number | undefined;
  readonly t: string;
  readonly at: Instant;
  readonly weightPercent: number;
  readonly arms:
    | { readonly says: 'counted'; readonly candidate: Counts; readonly stable: Counts }
    | { readonly says: 'unknown'; readonly reason: UnknownReason; readonly detail: string };
};

const count = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
const histogram = z
  .object({ bounds: z.array(z.number()), counts: z.array(count) })
  .refine(({ bounds, counts }) => counts.length === bounds.length + 1, {
    message: 'needs one count more than bounds, for what lies above the last',
  })
  .refine(({ bounds }) => bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? bound)), {
    message: 'needs rising bounds',
  });

// A source that cannot say writes null, which is an answer of its own and no mistake.
const counters = Object.fromEntries(COUNTER_NAMES.map((name) => [name, count.nullish()]));
const arm = z.object({
  ...counters,
  requests: count.nullish(),
  errors: count.nullish(),
  latency_ms: histogram.nullish(),
  cost_usd: histogram.nullish(),
});

const line = z.object({
  trace: z.union([z.string(), z.number()]).optional(),
  t: z.string().refine((text) => !Number.isNaN(Date.parse(text)), { message: 'is not a time' }),
  weight: z.number().min(0).max(100),
  candidate: arm.nullish(),
  stable: arm.nullish(),
});

export function parseReplayLine(text: string): Result<ReplayLine, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return no('this is not JSON');
  }
  const parsed = line.safeParse(json);
  if (!parsed.success) return no(parsed.error.issues.map(wordsOf).join('; '));
  const { trace, t, weight, candidate, stable } = parsed.data;
  return yes({
    trace,
    t,
    at: asInstant(Date.parse(t)),
    weightPercent: weight,
    arms: armsOf(weight, candidate, stable),
  });
}

type Arm = z.infer<typeof arm> | null | undefined;

function armsOf(weight: number, candidate: Arm, stable: Arm): ReplayLine['arms'] {
  // Before the release there is no candidate, and at full weight stable has nothing left to do.
  const own = countsOf('candidate', candidate ?? (weight === 0 ? NOTHING : undefined));
  if (!own.ok) return own.refusal;
  const other = countsOf('stable', stable ?? (weight === 100 ? NOTHING : undefined));
  if (!other.ok) return other.refusal;
  return { says: 'counted', candidate: own.value, stable: other.value };
}

const NOTHING = { requests: 0, errors: 0 };
type Unknown = Extract<ReplayLine['arms'], { says: 'unknown' }>;

function countsOf(name: string, seen: Arm): Result<Counts, Unknown> {
  const unknown = (reason: UnknownReason, what: string) =>
    no({ says: 'unknown', reason, detail: `${name}${what}` } as const);
  if (!seen) return unknown('empty', ' is missing');
  const missing = Object.entries(seen).find(([, value]) => value === null);
  if (missing) return unknown('not_a_number', `.${missing[0]} is not a number`);
  if (seen.requests === undefined) return unknown('empty', '.requests is missing');
  // Without nulls and undefined requests the parsed arm is what the policy counts.
  return yes(seen as Counts);
}

const wordsOf = ({ path, message }: z.core.$ZodIssue) =>
  path.length > 0 ? `${path.join('.')}: ${message}` : message;
