import { expect, test, vi } from 'vitest';
import { createPace } from '#operations/pace.ts';

/** Pieces of work that each take a while, and when each began. */
function working() {
  vi.useFakeTimers({ now: 0 });
  const begun: number[] = [];
  const paced = createPace(Date.now);
  const work = (tookMs: number) =>
    paced(async () => {
      begun.push(Date.now());
      await new Promise((resolve) => setTimeout(resolve, tookMs));
    });
  return { begun, paced, work };
}

test('after a piece of work comes a pause as long, within bounds, and then the next', async () => {
  const { begun, work } = working();
  for (const tookMs of [20, 1, 5_000, 1]) void work(tookMs);
  await vi.runAllTimersAsync();
  expect(begun).toEqual([0, 40, 51, 5_101]);
  vi.useRealTimers();
});

test('work that fails is told to whoever asked for it, and holds up nothing', async () => {
  const { begun, paced, work } = working();
  const failed = paced(() => Promise.reject(new Error('the disk is full')));
  await expect(failed).rejects.toThrow('the disk is full');
  void work(1);
  await vi.runAllTimersAsync();
  expect(begun).toEqual([10]);
  vi.useRealTimers();
});
