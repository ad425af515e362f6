import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { CSV_HEADER, csvLine } from '#adapters/cli/audit-csv.ts';
import {
  type Command,
  DONE,
  FAILED,
  misused,
  type Terminal,
  takeOption,
} from '#adapters/cli/command.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { checkChain, readRegister } from '#store/sqlite/register.ts';

export const auditCommand: Command = {
  name: 'audit',
  usage: ['audit export [--format jsonl|csv]', 'audit verify'],
  about: 'print the register, or check that nobody changed it',
  run: async (terminal) => {
    const [what, ...words] = terminal.words;
    if (what === 'export') return await exportEntries(terminal, words);
    if (what === 'verify' && words.length === 0) return verify(terminal);
    return misused(terminal, auditCommand, 'Export or verify?');
  },
};

async function exportEntries(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { value: format = 'jsonl', rest } = takeOption(words, 'format');
  if (rest.length > 0) return misused(terminal, auditCommand, `I can't place “${rest.join(' ')}”.`);
  if (format !== 'jsonl' && format !== 'csv')
    return misused(terminal, auditCommand, `I know the formats jsonl and csv, not “${format}”.`);
  return await withRegister(terminal, async (entries) => {
    if (format === 'csv') await print(CSV_HEADER);
    for (const entry of entries) await print(format === 'csv' ? csvLine(entry) : jsonLine(entry));
    return DONE;
  });
}

/** The stored bytes are printed as they are, so that anybody can compute the hashes again. */
const jsonLine = ({ seq, prev, hash, body }: ChainedEntry) =>
  `{"seq":${seq},"prev":"${prev.toString('hex')}","hash":"${hash.toString('hex')}","body":${body}}`;

/** Waits for a slow reader instead of filling the memory with a million lines. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

async function verify(terminal: Terminal): Promise<number> {
  const { say, complain } = terminal;
  return await withRegister(terminal, async (entries) => {
    const check = checkChain(entries);
    if (!check.intact) {
      complain(`The register is broken at entry ${check.seq}: ${check.problem}.`);
      complain(
        'Compare with an earlier export or backup, and keep this file for whoever looks into it.',
      );
      return FAILED;
    }
    say(`The register is intact: ${check.entries} entries, head ${check.head}.`);
    say('A chain alone cannot show that entries were cut off at its end, or that all of it was');
    say('computed anew: compare the head with one that was noted elsewhere before.');
    return DONE;
  });
}

async function withRegister(
  { databasePath, complain }: Terminal,
  work: (entries: Iterable<ChainedEntry>) => Promise<number>,
): Promise<number> {
  const path = databasePath;
  if (!existsSync(path)) {
    complain(`There is no database at ${path} yet. Start Signalman once, or set DATABASE_PATH.`);
    return FAILED;
  }
  const db = openForReading(path);
  try {
    return await work(readRegister(db));
  } finally {
    db.$client.close();
  }
}
