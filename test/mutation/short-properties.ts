/** The same few draws for each mutant, and no search for a smaller one that fails as well. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 1, numRuns: 100, endOnFailure: true });
