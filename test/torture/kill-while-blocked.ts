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
  kills: readonly { readonly way: string; readonly name: string }[],
): readonly Timed[] {
  const words = ['--eval', BLOCKED, url, ...kills.map(({ way, name }) => `${way} ${name}`)];
  const env = { ...process.env, DATABASE_PATH: databasePath, CONFIG_PATH: configPath };
  const said = execFileSync(process.execPath, words, { encoding: 'utf8', env });
  return JSON.parse(said) as readonly Timed[];
}

/**
 * What that process does: each kill is measured by itself, and a few of each way are thrown at once.
 * One of the command line waits for an answer first, so the block lasts some five seconds.
 */
const BLOCKED = `
  const [[url], ...kills] = process.argv.slice(1).map((words) => words.split(' '));
  const post = async (path, body) =>
    (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).json();
  const isOn = async (name) =>
    (await post('/ofrep/v1/evaluate/flags/kill.' + name, { context: {} })).value;
  const timed = [];
  const run = async () => {
    const { killCommand } = await import('#adapters/cli/kill-command.ts');
    const { readConfig } = await import('#config.ts');
    const { DATABASE_PATH: databasePath, CONFIG_PATH: configPath } = process.env;
    const quiet = { login: 'ana', say: () => {}, complain: () => {} };
    const terminal = { config: readConfig(process.env), databasePath, configPath };
    const ways = {
      http: (kill) => post('/v1/killswitches/' + kill, { active: true, reason: 'blocked' }),
      // It waits for a process that is silent; whoever asks does not wait for that.
      cli: async (kill) =>
        void killCommand.run({ ...terminal, ...quiet, words: ['on', kill, 'blocked'] }),
    };
    // What asking takes for the first time is no part of any kill.
    await isOn('nothing');
    const lane = async (own) => {
      for (let next = own.shift(); next; next = own.shift()) {
        const [way, kill] = next;
        const startedMs = performance.now();
        await ways[way](kill);
        while (performance.now() - startedMs < 10_000 && !(await isOn(kill)))
          await new Promise((resolve) => setTimeout(resolve, 20));
        timed.push({ kill, ms: performance.now() - startedMs });
      }
    };
    const lanes = Object.keys(ways).flatMap((way) => {
      const own = kills.filter((kill) => kill[0] === way);
      return Array.from({ length: 5 }, () => lane(own));
    });
    await Promise.all(lanes);
    console.log(JSON.stringify(timed));
    process.exit(0);
  };
  void run();`;
