/** Why the register may not be the one that was written last: an old backup, or something worse. */
export type Doubt = {
  /** It ends before its checkpoint, goes on from it otherwise, or nobody can tell. */
  readonly because: 'older' | 'different' | 'unreadable';
  /** How many entries it has, how many the checkpoint knows, and the hash of the last of those. */
  readonly entries: number;
  readonly known: number;
  readonly head: string;
};
