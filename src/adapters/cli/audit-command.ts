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
  withoutDatabase,
} from '#adapters/cli/command.ts';
import { isWithin, RANGE_USAGE, takeRange } from '#adapters/cli/time-range.ts';
import { type AcceptRequest, askControl, controlPath } from '#adapters/control-socket.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { readRegister } from '#store/sqlite/register.ts';

export const auditCommand: Command = {
  name: 'audit',
  usage: [
    `audit export [--format jsonl|csv] ${RANGE_USAGE}`,
    'audit verify [--checkpoint <file>] [--key <file>]',
    'audit accept <reason>',
  ],
  about: 'print the register, check that nobody changed it, or accept a restored one',
  run: async (terminal) => {
    const [what, ...words] = terminal.words;
    if (what === 'export') return await exportEntries(terminal, words);
    if (what === 'accept') return await accept(terminal, words);
    if (what === 'verify') return await verify(terminal, words);
    return misused(terminal, auditCommand, 'Export, verify or accept?');
  },
};

async function exportEntries(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { value: format = 'jsonl', rest: others } = takeOption(words, 'format');
  const taken = takeRange(others);
  if (!taken.ok) return misused(terminal, auditCommand, taken.refusal);
  const { range, rest } = taken.value;
  if (rest.length > 0) return misused(terminal, auditCommand, `I can't place “${rest.join(' ')}”.`);
  if (format !== 'jsonl' && format !== 'csv')
    return misused(terminal, auditCommand, `I know the formats jsonl and csv, not “${format}”.`);
  return await withRegister(terminal, async (entries) => {
    if (format === 'csv') await print(CSV_HEADER);
    for (const entry of entries)
      if (isWithin(range, entry.at))
        await print(format === 'csv' ? csvLine(entry) : jsonLine(entry));
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

async function verify(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { verifyRegister } = await import('#adapters/cli/audit-verify.ts');
  const outcome = await verifyRegister(terminal, words);
  return outcome.ok ? outcome.value : misused(terminal, auditCommand, outcome.refusal);
}

/** Only the running process knows whether there is anything to accept. */
async function accept(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { databasePath, login, say, complain } = terminal;
  if (words.length === 0) return misused(terminal, auditCommand, 'Why?');
  const request: AcceptRequest = { to: 'accept', reason: words.join(' '), by: login };
  const answer = await askControl(controlPath(databasePath), request);
  if (typeof answer !== 'object') {
    const why =
      answer === 'nobody' ? 'is not running. Start it, and' : 'does not answer. Look why, and';
    complain(`Nothing was done: Signalman ${why} accept then.`);
    return FAILED;
  }
  (answer.ok ? say : complain)(answer.words);
  return answer.ok ? DONE : FAILED;
}

async function withRegister(
  terminal: Terminal,
  work: (entries: Iterable<ChainedEntry>) => Promise<number>,
): Promise<number> {
  const { databasePath } = terminal;
  if (!existsSync(databasePath)) return withoutDatabase(terminal);
  const db = openForReading(databasePath);
  try {
    return await work(readRegister(db));
  } finally {
    db.$client.close();
  }
}
