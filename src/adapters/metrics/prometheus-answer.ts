// Reads an instant answer of Prometheus. What is not plainly a number is unknown, never 0.

import { z } from 'zod';
import { type Unknown, unknown } from '#adapters/metrics/unknown.ts';
import { type Result, yes } from '#domain/result.ts';

const Sample = z.tuple([z.number(), z.string()]);
/** Which of its ends a bucket includes, its two ends, and what it counted. */
const NativeBucket = z.tuple([z.number(), z.string(), z.string(), z.string()]);
const NativeHistogram = z.object({
  count: z.string(),
  buckets: z.array(NativeBucket).optional(),
});

const Row = z.object({
  metric: z.record(z.string(), z.string()),
  value: Sample.optional(),
  histogram: z.tuple([z.number(), NativeHistogram]).optional(),
});
const Answer = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  isPartial: z.boolean().optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(Row) }),
    z.object({ resultType: z.literal('scalar'), result: Sample }),
    z.object({ resultType: z.enum(['matrix', 'string']) }),
  ]),
});

export type Row = z.infer<typeof Row>;
export type NativeHistogram = z.infer<typeof NativeHistogram>;

/** The rows of a complete answer; a scalar is one row without labels. */
export function rowsOf(answer: unknown): Result<readonly Row[], Unknown> {
  const read = Answer.safeParse(answer);
  if (!read.success) return unknown('source_down', 'the answer is none of Prometheus');
  const { data, warnings = [], isPartial = false } = read.data;
  if (isPartial || warnings.length > 0) {
    const why = warnings[0]?.slice(0, 200) ?? 'some storage did not answer';
    return unknown('partial', `the answer is incomplete: ${why}`);
  }
  if (data.resultType === 'scalar') return yes([{ metric: {}, value: data.result }]);
  if (data.resultType === 'vector') return yes(data.result);
  return unknown(
    'misconfigured',
    `the query gives a ${data.resultType}, not numbers at one moment`,
  );
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The finite number a text stands for; `Number` alone would read an empty text as 0. */
export const numberOf = (text: string): number | undefined => {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
};

/** The one number of an answer that has exactly one. */
export function onlyNumberOf(rows: readonly Row[]): Result<number, Unknown> {
  const [row, ...others] = rows;
  if (!row) return unknown('empty', 'there is no such series');
  if (others.length > 0) return unknown('several_series', `${rows.length} series where one is due`);
  const value = row.value && numberOf(row.value[1]);
  if (value === undefined) return unknown('not_a_number', `the value is ${row.value?.[1] ?? '?'}`);
  return yes(value);
}
