/** Everything that has to hold before a change lands: format and lint, types, dead code, tests. */
import { type StdioOptions, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

type Step = { readonly name: string; readonly command: string; readonly args: readonly string[] };

/** They only read, so they run at once, and each speaks when it is over. */
const READING: readonly Step[] = [
  {
    name: 'format and lint',
    command: 'biome',
    args: ['check', '--error-on-warnings', '--config-path=test/lint.json'],
  },
  { name: 'types', command: 'tsc', args: [] },
  { name: 'types of the page', command: 'tsc', args: ['-p', 'src/sandbox/page'] },
  { name: 'dead code', command: 'knip', args: [] },
];
/** The command that the README promises. It needs the whole machine, and speaks meanwhile. */
const TESTS: Step = { name: 'tests', command: 'npm', args: ['test'] };

const failed: string[] = [];
await Promise.all(READING.map((step) => take(step, ['ignore', 'pipe', 'pipe'])));
await take(TESTS, 'inherit');
if (failed.length > 0) {
  console.error(`Not good yet: ${failed.join(', ')}.`);
  process.exit(1);
}

async function take(step: Step, stdio: StdioOptions): Promise<void> {
  const startedMs = performance.now();
  const { isDone, said } = await run(step, stdio);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${said}${isDone ? 'ok    ' : 'FAILED'}  ${step.name} (${seconds} s)\n`);
  if (!isDone) failed.push(step.name);
}

/** npm puts the tools of node_modules in front of the path, so they are called by name. */
async function run({ command, args }: Step, stdio: StdioOptions) {
  const child = spawn(command, args, { stdio });
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((one) => one && text(one)));
  return { isDone: await ended, said: `${out ?? ''}${err ?? ''}` };
}
