/** Is the register as it was written? The chain tells of itself, and checkpoints of its end. */
import { type Checkpoint, readCheckpoint } from '#domain/checkpoint.ts';
import { asInstant, elapsedMs, HOUR_MS, inWords } from '#domain/time.ts';
import { type ChainedEntry, GENESIS, leafHash, linkHash } from '#store/chain.ts';
import { type Frontier, NO_LEAVES, rootOf, withLeaf } from '#store/merkle.ts';
import { nameOf, openNote } from '#store/signed-note.ts';

/** A checkpoint as it was found, with the words that name where. */
export type FoundNote = { readonly where: string; readonly note: string };

export type RegisterCheck =
  | { readonly says: 'broken'; readonly seq: number; readonly problem: string }
  | { readonly says: 'disagrees'; readonly problem: string }
  | { readonly says: 'unvouched'; readonly entries: number; readonly problem: string }
  | {
      readonly says: 'intact';
      readonly entries: number;
      readonly head: string;
      /** The newest checkpoint, which vouches for the entries up to its size. */
      readonly checkpoint: Checkpoint;
    };

export type Evidence = {
  readonly entries: Iterable<ChainedEntry>;
  readonly notes: readonly FoundNote[];
  /** Without it no signature can be checked, and then no checkpoint is worth anything. */
  readonly verifierKey?: string;
};

/** Entries may go on for so long before the newest checkpoint is too old to vouch for them. */
const UNVOUCHED_MS_MAX = 2 * HOUR_MS;

export function checkRegister({ entries, notes, verifierKey }: Evidence): RegisterCheck {
  const opened =
    verifierKey === undefined
      ? []
      : notes.map((found) => ({ ...found, ...openCheckpoint(found.note, verifierKey) }));
  const checkpoints = opened.flatMap(({ checkpoint }) => checkpoint ?? []);
  const wanted = new Set(checkpoints.map(({ size }) => size));
  const stands = new Map<number, string>();
  let frontier: Frontier = NO_LEAVES;
  let last: ChainedEntry | undefined;
  const note = (head: Buffer) => {
    if (!wanted.has(frontier.size)) return;
    const root = rootOf(frontier).toString('base64');
    stands.set(frontier.size, standOf({ root, head: head.toString('hex') }));
  };
  note(GENESIS);
  const chain = checkChain(entries, (entry, leaf) => {
    frontier = withLeaf(frontier, leaf);
    last = entry;
    note(entry.hash);
  });
  if (!chain.intact) return { says: 'broken', seq: chain.seq, problem: chain.problem };
  for (const { where, checkpoint, why } of opened) {
    const problem = checkpoint ? disagreement(checkpoint, chain.entries, stands) : why;
    if (problem !== undefined) return { says: 'disagrees', problem: `${where}: ${problem}` };
  }
  if (verifierKey === undefined) {
    const problem = 'there is no public key to check a checkpoint with';
    return { says: 'unvouched', entries: chain.entries, problem };
  }
  return vouched(chain, checkpoints, last);
}

type Opened =
  | { readonly checkpoint: Checkpoint; readonly why?: undefined }
  | { readonly checkpoint?: undefined; readonly why: string };

function openCheckpoint(note: string, verifierKey: string): Opened {
  const opened = openNote(note, verifierKey);
  if (!opened.isGenuine) return { why: opened.why };
  const checkpoint = readCheckpoint(opened.text);
  return checkpoint?.origin === nameOf(verifierKey)
    ? { checkpoint }
    : { why: 'it is no checkpoint of this register' };
}

const standOf = ({ root, head }: Pick<Checkpoint, 'root' | 'head'>) => `${root} ${head}`;

function disagreement(
  checkpoint: Checkpoint,
  entries: number,
  stands: ReadonlyMap<number, string>,
): string | undefined {
  const { size } = checkpoint;
  if (size > entries)
    return `it knows ${size} entries, and the register ends at ${entries}: it was cut off, or an older copy was restored`;
  if (stands.get(size) === standOf(checkpoint)) return undefined;
  return `its first ${size} entries are not the ones that the checkpoint knows: they were computed anew`;
}

/** The newest of the checkpoints, unless entries have gone on without one for too long. */
function vouched(
  { entries, head }: Extract<ChainCheck, { intact: true }>,
  checkpoints: readonly Checkpoint[],
  last: ChainedEntry | undefined,
): RegisterCheck {
  const [checkpoint] = checkpoints.toSorted((one, other) => other.size - one.size);
  if (!checkpoint) return { says: 'unvouched', entries, problem: 'there is no checkpoint' };
  const isBehind = last !== undefined && last.seq > checkpoint.size;
  const goneOnMs = isBehind ? elapsedMs(checkpoint.at, asInstant(Date.parse(last.at))) : 0;
  if (goneOnMs > UNVOUCHED_MS_MAX) {
    const made = new Date(checkpoint.at).toISOString();
    const problem = `the newest was made at ${made} of ${checkpoint.size} entries, and entries went on for ${inWords(goneOnMs)} after that`;
    return { says: 'unvouched', entries, problem };
  }
  return { says: 'intact', entries, head, checkpoint };
}

export type ChainCheck =
  | { readonly intact: true; readonly entries: number; readonly head: string }
  | { readonly intact: false; readonly seq: number; readonly problem: string };

/**
 * Walks the chain. Alone it finds a changed, removed, inserted or reordered entry; entries cut off
 * at the end, or a chain computed again from scratch, need a checkpoint kept elsewhere.
 */
export function checkChain(
  entries: Iterable<ChainedEntry>,
  onSound: (entry: ChainedEntry, leaf: Buffer) => void = () => {},
): ChainCheck {
  let prev: Buffer = GENESIS;
  let seq = 0;
  for (const entry of entries) {
    seq += 1;
    const leaf = leafHash(entry.body);
    const problem = problemOf(entry, { seq, prev, leaf });
    if (problem !== undefined) return { intact: false, seq, problem };
    prev = entry.hash;
    onSound(entry, leaf);
  }
  return { intact: true, entries: seq, head: prev.toString('hex') };
}

function problemOf(
  entry: ChainedEntry,
  { seq, prev, leaf }: { readonly seq: number; readonly prev: Buffer; readonly leaf: Buffer },
): string | undefined {
  if (entry.seq !== seq) return `entry ${seq} is missing; ${entry.seq} follows`;
  if (!entry.prev.equals(prev)) return `entry ${seq} does not follow the one before it`;
  // The time beside the body is not hashed itself, so it has to be the one that is.
  const isItself = entry.body.includes(`"at":"${entry.at}"`);
  return isItself && entry.hash.equals(linkHash(prev, leaf))
    ? undefined
    : `entry ${seq} was changed after it was written`;
}
