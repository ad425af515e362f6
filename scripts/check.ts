/** Everything that has to hold before a change lands: format and lint, types, tests, dead code. */
import { spawn } from 'node:child_process';

type Step = { readonly name: string; readonly command: string; readonly args: readonly string[] };

const STEPS: readonly Step[] = [
  {
    name: 'format and lint',
    command: 'biome',
    args: ['check', '--error-on-warnings', '--config-path=test/lint.json'],
  },
  { name: 'types', command: 'tsc', args: [] },
  { name: 'types of the page', command: 'tsc', args: ['-p', 'src/sandbox/page'] },
  { name: 'dead code', command: 'knip', args: [] },
  // The command that the README promises.
  { name: 'tests', command: 'npm', args: ['test'] },
];

const failed: string[] = [];
for (const step of STEPS) {
  const startedMs = performance.now();
  const isDone = await run(step);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${isDone ? 'ok    ' : 'FAILED'}  ${step.name} (${seconds} s)\n`);
  if (!isDone) failed.push(step.name);
}
if (failed.length > 0) {
  console.error(`Not good yet: ${failed.join(', ')}.`);
  process.exit(1);
}

/** npm puts the tools of node_modules in front of the path, so they are called by name. */
function run({ command, args }: Step): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
