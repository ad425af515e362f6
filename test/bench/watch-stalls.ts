/**
 * Loaded into each thread of the bot before its own code: writes down, again and again, for how long
 * nothing else had a turn there. What it measures contains what the machine gave to others.
 */
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { type Stall, stallsFile } from '#test/bench/stalls.ts';

const WRITE_MS = 100;
const folder = process.env['STALLS_FOLDER'] ?? '.';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const write = () => {
  const stall: Stall = { at: Date.now(), ms: delay.max / 1e6 };
  appendFileSync(
    stallsFile(folder, isMainThread ? 'main' : 'agents'),
    `${JSON.stringify(stall)}\n`,
  );
  delay.reset();
};
setInterval(write, WRITE_MS).unref();
