/** What the machine does by itself, so that a bad figure on a busy one is not taken for ours. */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '#test/bench/figure.ts';
import { inFolder } from '#test/bench/started-bot.ts';

const TIMES = 400;
const PAUSE_MS = 5;

export async function measureNoise(say: (figure: Figure) => void): Promise<void> {
  const late: number[] = [];
  for (let at = 0; at < TIMES; at += 1) {
    const startedMs = performance.now();
    await sleep(PAUSE_MS);
    late.push(Math.max(0, performance.now() - startedMs - PAUSE_MS));
  }
  const common = { unit: 'ms', compare: 'p99' } as const;
  say({ ...common, name: 'noise: a timer in an idle loop is late by', samples: late });
  say({ ...common, name: 'noise: 4 KiB written and synced', samples: await syncs() });
}

/** Every commit waits for the disk once. */
const syncs = () =>
  inFolder(async (folder) => {
    const file = openSync(join(folder, 'synced'), 'w');
    const page = Buffer.alloc(4_096);
    return Array.from({ length: 200 }, () => {
      const startedMs = performance.now();
      writeSync(file, page);
      fsyncSync(file);
      return performance.now() - startedMs;
    });
  });
