import type { Phase } from '#domain/release.ts';

/** What a release is doing, to follow “release #12 ”. */
export function phaseWords(phase: Phase): string {
  switch (phase) {
    case 'proposed':
      return 'is proposed and waits for its first approval';
    case 'progressing':
      return 'is in progress';
    case 'paused':
      return 'is paused';
    case 'rolling_back':
      return 'is being rolled back';
    case 'recovering':
      return 'was rolled back, and its recovery is being verified';
    case 'rolled_back':
      return 'was rolled back';
    case 'completed':
      return 'is completed';
    case 'aborted':
      return 'was aborted';
    case 'declined':
      return 'was declined';
  }
}
