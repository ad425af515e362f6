import { defineConfig } from 'vitest/config';
import { CHEAPEST_FIRST } from '#test/mutation/vitest.config.ts';

/** The tests that notice mutations, on code that Node itself has loaded, so that places are those of the file. */
export default defineConfig({
  test: {
    root: '.',
    include: CHEAPEST_FIRST,
    setupFiles: 'test/coverage/take.ts',
    experimental: { viteModuleRunner: false },
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    reporters: [],
    silent: true,
  },
});
