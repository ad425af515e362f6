/** One thing that is wrong in signalman.yml, or worth a second look, and where. */
export type SettingsProblem = {
  readonly file: string;
  readonly line: number;
  /** The key as a path, such as `services.support-agent.dwell`; empty for the file as a whole. */
  readonly key: string;
  /** One sentence that says what to do. */
  readonly problem: string;
};

/** One line for the log; terminals and editors make `file:line` a link. */
export const settingsProblemLine = ({ file, line, key, problem }: SettingsProblem) =>
  [`${file}:${line}`, key, problem].filter((part) => part !== '').join(': ');
