/**
 * The emergency journal: a file of fixed size beside the database, written through to the disk. All
 * of its room was taken when it was made, so a full disk cannot stop a kill from being durable, and
 * nothing of SQLite is needed. The file itself is the truth: whoever appends has a part of its own,
 * and whoever commits looks at all of it, so that threads and processes need not talk to each other.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Journal, JournaledKill, JournalPart } from '#store/port.ts';

/** Written as one block, so that a crash can tear a line but never its neighbours. */
const LINE_BYTES = 4_096;
/** Each stretch below begins and ends at a multiple of it. */
const LINES_AT_ONCE = 16;

type Stretch = { readonly first: number; readonly end: number };
const ALL: Stretch = { first: 0, end: 256 };
const PARTS: Readonly<Record<JournalPart, Stretch>> = {
  bot: { first: 0, end: 128 },
  agents: { first: 128, end: 192 },
  cli: { first: 192, end: 256 },
};
const JOURNAL_BYTES = ALL.end * LINE_BYTES;

export const journalPath = (databasePath: string) => `${databasePath}.journal`;

const REASON_LETTERS_MAX = 500;

export type JournalOptions = {
  readonly path: string;
  readonly part: JournalPart;
  /** Told when a line could not be written or read: the kill acts all the same. */
  readonly onTrouble: (error: unknown) => void;
};

/** The room is taken at the first use, which is the look at every start. */
export function openJournal({ path, part, onTrouble }: JournalOptions): Journal & {
  readonly close: () => void;
} {
  let opened: Lines | undefined;
  const lines = () => {
    opened ??= openLines(path);
    return opened;
  };
  // What the file could not take is still tried to be committed, as long as this process lives.
  const unwritten = new Map<string, JournaledKill>();

  return {
    append: (kill) => {
      try {
        lines().write(freeLine(lines(), part), lineOf(kill));
        return true;
      } catch (error) {
        unwritten.set(kill.key, kill);
        onTrouble(error);
        return false;
      }
    },
    tryWriting: () => {
      try {
        lines().write(freeLine(lines(), part), '');
        return true;
      } catch (error) {
        onTrouble(error);
        return false;
      }
    },
    pending: (of) => {
      const all = [...unwritten.values()];
      try {
        all.push(
          ...lines()
            .taken(of && PARTS[of])
            .map(({ kill }) => kill),
        );
      } catch (error) {
        onTrouble(error);
      }
      return all.sort((one, other) => one.at - other.at);
    },
    clear: (key) => {
      if (unwritten.delete(key)) return;
      for (const { line, kill } of lines().taken()) if (kill.key === key) lines().write(line, '');
    },
    close: () => opened?.close(),
  };
}

type Taken = { readonly line: number; readonly kill: JournaledKill };
type Lines = {
  readonly taken: (stretch?: Stretch) => readonly Taken[];
  readonly write: (line: number, text: string) => void;
  readonly close: () => void;
};

function openLines(path: string): Lines {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC, 0o600);
  const { size } = fstatSync(file);
  // Zeros are written, because a file that was only made longer has no room on the disk yet.
  if (size < JOURNAL_BYTES) writeSync(file, Buffer.alloc(JOURNAL_BYTES - size), 0, null, size);
  // Read several times a second by two threads: the room for a few lines is kept, and no more.
  const bytes = Buffer.alloc(LINES_AT_ONCE * LINE_BYTES);
  return {
    taken: (stretch = ALL) =>
      linesOf(stretch).flatMap((line) => {
        const at = (line % LINES_AT_ONCE) * LINE_BYTES;
        if (at === 0) readSync(file, bytes, 0, bytes.length, line * LINE_BYTES);
        const kill = readKill(bytes.subarray(at, at + LINE_BYTES));
        return kill ? [{ line, kill }] : [];
      }),
    write: (line, text) => {
      const block = Buffer.alloc(LINE_BYTES);
      block.write(text);
      writeSync(file, block, 0, LINE_BYTES, line * LINE_BYTES);
    },
    close: () => closeSync(file),
  };
}

const linesOf = ({ first, end }: Stretch) =>
  Array.from({ length: end - first }, (_, at) => first + at);

function freeLine(lines: Lines, part: JournalPart): number {
  const taken = new Set(lines.taken(PARTS[part]).map(({ line }) => line));
  const free = linesOf(PARTS[part]).find((line) => !taken.has(line));
  if (free === undefined) throw new Error('The emergency journal is full');
  return free;
}

/** `<SHA-256 of the rest> <JSON>`, to be read by people too. */
function lineOf(kill: JournaledKill): string {
  const json = JSON.stringify({ ...kill, reason: kill.reason.slice(0, REASON_LETTERS_MAX) });
  const line = `${digestOf(json)} ${json}\n`;
  if (Buffer.byteLength(line) > LINE_BYTES) throw new Error('The kill does not fit in a line');
  return line;
}

/** A line that was torn by a crash holds no kill: nobody was told that it is durable. */
function readKill(bytes: Buffer): JournaledKill | undefined {
  if (bytes[0] === 0) return undefined;
  const [line = ''] = bytes.toString('utf8').split('\n');
  const [digest, json] = [line.slice(0, DIGEST_LETTERS), line.slice(DIGEST_LETTERS + 1)];
  // The digest says that we wrote it, so its form needs no second look.
  return digestOf(json) === digest ? (JSON.parse(json) as JournaledKill) : undefined;
}

const DIGEST_LETTERS = 64;
const digestOf = (json: string) => createHash('sha256').update(json).digest('hex');
