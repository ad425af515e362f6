/** Another process kills and asks while this thread does nothing but wait for its end. */
import { execFileSync } from 'node:child_process';

export type Timed = { readonly kill: string; readonly ms: number };
type Where = {
  readonly url: string;
  readonly databasePath: string;
  readonly configPath: string;
};

export function killWhileBlocked(
  { url, databasePath, configPath }: Where,
  way: keyof typeof BLOCKED,
  kills: readonly string[],
): readonly Timed[] {
  const words = ['--eval', BLOCKED[way], url, ...kills];
  const env = { ...process.env, DATABASE_PATH: databasePath, CONFIG_PATH: configPath };
  const said = execFileSync(process.execPath, words, { encoding: 'utf8', env });
  return JSON.parse(said) as readonly Timed[];
}

/** What that process does: each kill is measured by itself, and a few are thrown at once. */
const asking = (preparing: string, killing: string) => `
  const [url, ...kills] = process.argv.slice(1);
  const post = async (path, body) =>
    (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).json();
  const isOn = async (name) =>
    (await post('/ofrep/v1/evaluate/flags/kill.' + name, { context: {} })).value;
  const timed = [];
  const run = async () => {
    ${preparing}
    const lane = async () => {
      for (let kill = kills.shift(); kill; kill = kills.shift()) {
        const startedMs = performance.now();
        ${killing}
        while (performance.now() - startedMs < 10_000 && !(await isOn(kill)))
          await new Promise((resolve) => setTimeout(resolve, 20));
        timed.push({ kill, ms: performance.now() - startedMs });
      }
    };
    await Promise.all(Array.from({ length: 5 }, lane));
    console.log(JSON.stringify(timed));
    process.exit(0);
  };
  void run();`;
const BLOCKED = {
  http: asking('', "await post('/v1/killswitches/' + kill, { active: true, reason: 'blocked' });"),
  cli: asking(
    `
    const { killCommand } = await import('#adapters/cli/kill-command.ts');
    const { readConfig } = await import('#config.ts');
    const { DATABASE_PATH: databasePath, CONFIG_PATH: configPath } = process.env;
    const quiet = { login: 'ana', say: () => {}, complain: () => {} };
    const terminal = { config: readConfig(process.env), databasePath, configPath };`,
    "void killCommand.run({ ...terminal, ...quiet, words: ['on', kill, 'blocked'] });",
  ),
};
