import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advancedMeter, beginMeter, type Meter } from '#adapters/metrics/prometheus-meter.ts';
import type { Look } from '#adapters/metrics/prometheus-series.ts';

/** What happens to one of five pods between two looks, or that somebody looks. */
type Event =
  | { readonly does: 'serve'; readonly pod: number; readonly requests: number }
  | { readonly does: 'start' | 'leave' | 'hide' | 'show'; readonly pod: number }
  | { readonly does: 'look' };

const pod = fc.nat(4);
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('serve'), pod, requests: fc.nat(50) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('start', 'leave', 'hide', 'show'), pod }),
  },
  { weight: 3, arbitrary: fc.constant({ does: 'look' }) },
);
type Process = { count: number; born: number; hidden: boolean };

/**
 * The oracle knows every process by birth, which a counter does not tell. It counts what a process
 * has done since it was last seen, or since its birth.
 */
function play(events: readonly Event[]) {
  const pods = new Map<number, Process>();
  const seen = new Map<number, number>();
  let births = 0;
  let served = 0;
  let truth = 0;
  let meter: Meter | undefined;
  let isTellable = true;
  const lastSeen = new Map<number, number>();
  const start = (name: number) => {
    births += 1;
    pods.set(name, { count: 0, born: births, hidden: false });
  };
  for (const event of events) {
    if (event.does === 'look') {
      const visible = [...pods].filter(([, process]) => !process.hidden);
      const look: Look = new Map(
        visible.map(([name, { count }]) => [`${name}`, new Map([[Infinity, count]])]),
      );
      for (const [name, { born, count }] of visible) {
        const known = seen.get(born);
        if (meter) truth += count - (known ?? 0);
        // A process that overtook its predecessor between two looks passes for it.
        const before = known === undefined ? (lastSeen.get(name) ?? 0) : 0;
        if (before > 0 && count >= before) isTellable = false;
        seen.set(born, count);
        lastSeen.set(name, count);
      }
      meter = meter ? advancedMeter(meter, look, new Map()) : beginMeter([Infinity], look);
      continue;
    }
    const process = pods.get(event.pod);
    if (event.does === 'start') start(event.pod);
    else if (event.does === 'leave') pods.delete(event.pod);
    else if (process && event.does === 'serve') {
      process.count += event.requests;
      served += event.requests;
    } else if (process) process.hidden = event.does === 'hide';
  }
  return { total: meter?.total[0] ?? 0, truth, served, isTellable };
}

const anyHistory = fc.array(anyEvent, { maxLength: 60, size: 'max' });

test('a meter counts what an oracle counts that knows each process by its birth', () => {
  fc.assert(
    fc.property(anyHistory, (events) => {
      const { total, truth, isTellable } = play([{ does: 'look' }, ...events]);
      fc.pre(isTellable);
      expect(total).toBe(truth);
    }),
    { numRuns: 2_000 },
  );
});

test('a meter never counts more than was served since it began', () => {
  fc.assert(
    fc.property(anyHistory, (events) => {
      const { total, served } = play([{ does: 'look' }, ...events]);
      expect(total).toBeLessThanOrEqual(served);
    }),
    { numRuns: 2_000 },
  );
});
