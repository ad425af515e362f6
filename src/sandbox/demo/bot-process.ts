import { type ChildProcess, spawn } from 'node:child_process';

export type BotProcess = {
  readonly look: () => {
    readonly running: boolean;
    readonly pid?: number;
    readonly restarts: number;
  };
  readonly start: () => void;
  /** SIGKILL: no clean stop, as when a machine dies. */
  readonly kill: () => void;
  /** SIGTERM, and waits for the end. */
  readonly stop: () => Promise<void>;
};

export type BotProcessOptions = {
  readonly script: string;
  readonly env: () => Readonly<Record<string, string | undefined>>;
  /** The bot ended by itself, which only a problem it named can make it do. */
  readonly onExit: (code: number | null) => void;
};

/** Runs the bot as a process of its own: it knows nothing of the sandbox but Slack's address. */
export function createBotProcess({ script, env, onExit }: BotProcessOptions): BotProcess {
  let child: ChildProcess | undefined;
  let starts = 0;
  let isWanted = false;

  const start = () => {
    if (child) return;
    starts += 1;
    isWanted = true;
    const started = spawn(process.execPath, [...process.execArgv, script], {
      env: env(),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child = started;
    started.once('exit', (code) => {
      child = undefined;
      if (isWanted) onExit(code);
    });
  };
  return {
    look: () => ({
      running: child !== undefined,
      ...(child?.pid !== undefined && { pid: child.pid }),
      restarts: Math.max(0, starts - 1),
    }),
    start,
    kill: () => {
      isWanted = false;
      child?.kill('SIGKILL');
    },
    stop: async () => {
      isWanted = false;
      if (!child) return;
      const gone = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await gone;
    },
  };
}
