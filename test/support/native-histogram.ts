// Writes a native histogram in the protobuf form that Prometheus scrapes. No client library for
// Node speaks it, and a test needs only this one kind of message.

import type { Page } from '#test/support/prometheus.ts';

export type NativePage = {
  readonly name: string;
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly observed: readonly number[];
  }[];
  /** Four bounds to a doubling are schema 2. */
  readonly schema: number;
};

/** The fields are those of io.prometheus.client in Prometheus' metrics.proto. */
export function nativePage({ name, series, schema }: NativePage): Page {
  const metrics = series.map(({ labels, observed }) =>
    message(4, [...Object.entries(labels).map(label), message(7, histogram(observed, schema))]),
  );
  const HISTOGRAM = 4;
  const family = [...textOf(1, name), ...varint(3, HISTOGRAM), ...metrics.flat()];
  return {
    type: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    body: Uint8Array.from([...base128(BigInt(family.length)), ...family]),
  };
}

function histogram(observed: readonly number[], schema: number): number[][] {
  const bucketOf = (value: number) => Math.ceil(Math.log2(value) * 2 ** schema - 1e-9);
  const counts = Map.groupBy(observed, bucketOf);
  const buckets = [...counts.keys()].sort((a, b) => a - b);
  let next = 0;
  let before = 0;
  const spans: number[][] = [];
  const deltas: number[][] = [];
  for (const bucket of buckets) {
    const count = counts.get(bucket)?.length ?? 0;
    spans.push(message(12, [varint(1, zigzag(bucket - next)), varint(2, 1)]));
    deltas.push(varint(13, zigzag(count - before)));
    next = bucket + 1;
    before = count;
  }
  const sum = observed.reduce((all, one) => all + one, 0);
  return [
    varint(1, observed.length),
    double(2, sum),
    varint(5, zigzag(schema)),
    double(6, 1e-9),
    varint(7, 0),
    ...spans,
    ...deltas,
  ];
}

const label = ([name, value]: readonly [string, string]) =>
  message(1, [textOf(1, name), textOf(2, value)]);
const textOf = (field: number, text: string) => bytes(field, [...Buffer.from(text)]);
const message = (field: number, parts: readonly (readonly number[])[]) =>
  bytes(field, parts.flat());
const bytes = (field: number, content: readonly number[]) => [
  ...tag(field, 2),
  ...base128(BigInt(content.length)),
  ...content,
];
const varint = (field: number, value: number) => [...tag(field, 0), ...base128(BigInt(value))];
const double = (field: number, value: number) => [
  ...tag(field, 1),
  ...Buffer.from(Float64Array.of(value).buffer),
];
const tag = (field: number, wire: number) => base128(BigInt(field * 8 + wire));
const zigzag = (value: number) => (value >= 0 ? 2 * value : -2 * value - 1);

function base128(value: bigint): number[] {
  const low = Number(value & 127n);
  return value < 128n ? [low] : [low + 128, ...base128(value >> 7n)];
}
