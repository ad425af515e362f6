import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // Most of a test's time is waiting, so as many files as there are cores run side by side.
    maxWorkers: 2,
  },
});
