import { defineConfig } from 'vitest/config';

/**
 * Programs and clients of others run in these, and may leave something running behind them: every
 * file gets a worker of its own.
 */
const APART = [
  'test/e2e/**/*.test.ts',
  'test/integration/agents-{examples,openfeature,outage,unleash}.test.ts',
];

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
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: APART,
          // No test changes a module, and loading every module again for every file took most of
          // their time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
