import type { Config, ConfigProblem } from '#config.ts';
import type { Result } from '#domain/result.ts';

/** What a command of the command line gets: words, a place to speak, and the settled environment. */
export type Terminal = {
  /** A kill must not fail for an unrelated variable, so each command says what it needs. */
  readonly config: Result<Config, readonly ConfigProblem[]>;
  readonly databasePath: string;
  readonly configPath: string;
  readonly words: readonly string[];
  /** Who sits at the machine, for the register. */
  readonly login: string;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
};

export type Command = {
  readonly name: string;
  /** One usage line a form, as it is typed. */
  readonly usage: readonly string[];
  readonly about: string;
  /** Gives the exit status: 0 all is well, 1 something asked for failed, 2 wrong usage. */
  readonly run: (terminal: Terminal) => Promise<number>;
};

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

export function misused({ complain }: Terminal, command: Pick<Command, 'usage'>, why: string) {
  complain(`${why} Usage:\n${command.usage.map((line) => `  ${line}`).join('\n')}`);
  return WRONG_USAGE;
}

/** The value after `--name`, and the words without both; undefined when it was not given. */
export function takeOption(words: readonly string[], name: string) {
  const place = words.indexOf(`--${name}`);
  if (place < 0) return { value: undefined, rest: words };
  return { value: words[place + 1], rest: words.toSpliced(place, 2) };
}

/** For commands that read a database which has to be there. */
export function withoutDatabase({ databasePath, complain }: Terminal) {
  complain(
    `There is no database at ${databasePath} yet. Start Signalman once, or set DATABASE_PATH.`,
  );
  return FAILED;
}
