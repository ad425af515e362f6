import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // Most of a test's time is waiting, so one file more than there are cores runs at a time.
    maxWorkers: 3,
  },
});
