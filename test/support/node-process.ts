/** A command of this repository as a process of its own, run by the Node that runs the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '#test/support/until.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that ended it, or else from its start. */
  readonly ms: number;
  readonly out: string;
  readonly err: string;
};

export type NodeProcess = {
  readonly pid: number;
  /** Everything it has written so far, on either stream. */
  readonly output: () => string;
  /** Waits until it has written that, and fails at once when it ends instead. */
  readonly says: (words: RegExp) => Promise<string>;
  /** Sends a signal and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
  readonly ended: Promise<Ended>;
};

type Run = {
  readonly script: string;
  readonly words?: readonly string[];
  readonly env: Environment;
  /** Not the repository, so that nobody's `.env` has a say in a test. */
  readonly cwd: string;
};

export function startNode({ script, words = [], env, cwd }: Run): NodeProcess {
  const child = spawn(process.execPath, [join(ROOT, script), ...words], {
    cwd,
    env: { ...machine(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child, (signal) => child.kill(signal));
}

/** A start takes a second; on a machine that builds something else meanwhile, many. */
const SAYS_MS_MAX = 40_000;

/** Dozens of starts compile the same files. Node keeps them by content, so old ones do no harm. */
const COMPILED = join(tmpdir(), 'signalman-tests-compiled');

/** What a process needs of the machine, and none of the settings of whoever runs the tests. */
export function machine(): Environment {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE: COMPILED };
}

export function watch(child: ChildProcess, send: (signal: NodeJS.Signals) => void): NodeProcess {
  const written = { out: '', err: '', both: '' };
  const listen = (stream: ChildProcess['stdout'], to: 'out' | 'err') =>
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written[to] += text;
      written.both += text;
    });
  listen(child.stdout, 'out');
  listen(child.stderr, 'err');
  let sinceMs = performance.now();
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    const { out, err } = written;
    return { code, signal, ms: performance.now() - sinceMs, out, err };
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    output: () => written.both,
    says: async (words) => {
      const isSaid = () => words.test(written.both);
      await until(() => isSaid() || hasEnded(), {
        what: `the process to say ${words}`,
        withinMs: SAYS_MS_MAX,
      });
      if (!isSaid()) throw new Error(`It ended without saying ${words}:\n${written.both}`);
      return written.both;
    },
    end: (signal) => {
      sinceMs = performance.now();
      if (!hasEnded()) send(signal);
      return ended;
    },
    ended,
  };
}
