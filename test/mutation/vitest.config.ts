import { matchesGlob, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The tests that the domain and the store stand on; those that reach it only through Slack are slow. */
export const CHEAPEST_FIRST = [
  'test/unit/statistics/*.test.ts',
  'test/unit/policy/!(calibrate|replay).test.ts',
  'test/unit/{words,metrics}/*.test.ts',
  'test/unit/*.test.ts',
  'test/property/{bucketing,permission-matrix,policy.property,settings,snapshot-change}*.test.ts',
  // Those of one part of the store come before those that go through all of it.
  'test/integration/{ballast,database-*,journal,register-tree,store-questions,agent-log*,split-keys}.test.ts',
  'test/conformance/store{-aggregates,}.test.ts',
  'test/integration/{damage,kill-*,register-doubt,reconcile,poll-services,checkpoints}.test.ts',
];

class CheapestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      CHEAPEST_FIRST.findIndex((pattern) =>
        matchesGlob(relative(this.ctx.config.root, moduleId), pattern),
      );
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    root: '.',
    include: CHEAPEST_FIRST,
    // Nothing in these is about the domain or the store.
    exclude: [
      'test/unit/*-docs.test.ts',
      'test/unit/{config,manifest,page-*,poll-silence}.test.ts',
    ],
    runner: 'test/mutation/runner.ts',
    setupFiles: 'test/mutation/short-properties.ts',
    sequence: { sequencer: CheapestFirst },
    // A thread, so that it ends with the process whose watch it is under.
    pool: 'threads',
    // One worker that loads everything once and remembers which mutants live.
    maxWorkers: 1,
    // It would keep what was planted for an earlier run.
    fsModuleCache: false,
    isolate: false,
    // What a mutant leaves behind may fail at any time later.
    dangerouslyIgnoreUnhandledErrors: true,
    testTimeout: 60_000,
    reporters: [],
  },
});
