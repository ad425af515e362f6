/** A command of this repository as a process of its own, run by the Node that runs the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '#test/support/until.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
};

export type NodeProcess = {
  readonly pid: number;
  /** Everything it has written so far, on either stream. */
  readonly output: () => string;
  /** Waits until it has written that, and fails at once when it ends instead. */
  readonly says: (words: RegExp) => Promise<string>;
  /** Sends a signal, waits for the end and tells how long that took. */
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
  const child = spawn(process.execPath, [`${ROOT}${script}`, ...words], {
    cwd,
    env: { ...machine(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child, (signal) => child.kill(signal));
}

/** What a process needs of the machine, and none of the settings of whoever runs the tests. */
export function machine(): Environment {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}

export function watch(child: ChildProcess, send: (signal: NodeJS.Signals) => void): NodeProcess {
  let output = '';
  let sentAtMs = performance.now();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({ code, signal, ms: performance.now() - sentAtMs }),
  );
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    output: () => output,
    says: async (words) => {
      await until(() => words.test(output) || hasEnded(), { what: `the process to say ${words}` });
      if (!words.test(output)) throw new Error(`It ended without saying ${words}:\n${output}`);
      return output;
    },
    end: (signal) => {
      sentAtMs = performance.now();
      if (!hasEnded()) send(signal);
      return ended;
    },
    ended,
  };
}

export type Told = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs to its end, for commands that answer and are done. */
export async function runNode({ script, words = [], env, cwd }: Run): Promise<Told> {
  const child = spawn(process.execPath, [`${ROOT}${script}`, ...words], {
    cwd,
    env: { ...machine(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}
