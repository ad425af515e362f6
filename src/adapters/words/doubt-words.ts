import type { Doubt } from '#domain/doubt.ts';

/** What is wrong with the register, as it follows “the register”. */
export function doubtWords({ because, known, entries }: Omit<Doubt, 'head'>): string {
  switch (because) {
    case 'older':
      return `has ${entries} entries, and its last checkpoint knows ${known}: probably an old backup was restored`;
    case 'different':
      return `does not fit its last checkpoint: the first ${known} entries are not the ones that were signed`;
    case 'unreadable':
      return 'cannot be held against its last checkpoint, because that cannot be read';
  }
}
