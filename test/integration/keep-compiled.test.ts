import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const KEPT = /node_modules[\\/]\.cache[\\/]signalman/;

const scripts = Object.entries(
  Object(JSON.parse(readFileSync('package.json', 'utf8'))).scripts as Record<string, string>,
);

describe('what Node compiled is kept for the next start', () => {
  test.each(scripts.filter(([, script]) => /src\/(main|cli)\.ts$/.test(script)))(
    'npm run %s',
    async (_, script) => {
      const words = script.split(' ').slice(1, -1);
      const told = `console.log(require('node:module').getCompileCacheDir())`;
      const { stdout } = await run(process.execPath, [...words, '--eval', told]);
      expect(stdout).toMatch(KEPT);
    },
  );

  test('when an entrance is started by itself', async () => {
    const noise = { ...process.env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const { stdout, stderr } = await run(process.execPath, ['src/cli.ts', 'help'], { env: noise });
    expect(stdout + stderr).toMatch(KEPT);
  });
});
