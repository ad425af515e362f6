import { defineConfig } from 'vitest/config';

/** Nothing of these starts anything or changes a module, so their files share what was loaded. */
const INSIDE = ['unit', 'property', 'simulation'];
/** Clients, servers and browsers of others, who may leave something running behind them. */
const OUTSIDE = ['conformance', 'integration', 'e2e'];

const filesIn = (folders: readonly string[]) =>
  folders.map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    root: '.',
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // Most of a test's time is waiting, so one file more than there are cores runs at a time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['test/*.test.ts', ...filesIn(INSIDE)],
          // Loading every module again for every file took two thirds of their time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'outside', include: filesIn(OUTSIDE) } },
    ],
  },
});
