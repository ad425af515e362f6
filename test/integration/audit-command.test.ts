import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditCommand } from '#adapters/cli/audit-command.ts';
import { csvLine } from '#adapters/cli/audit-csv.ts';
import { assert, no } from '#domain/result.ts';
import { aRegister } from '#test/support/register.ts';
import { aFolder } from '#test/support/store.ts';

async function asked(databasePath: string, ...words: string[]) {
  const said: string[] = [];
  const complain = (line: string) => void said.push(line);
  const status = await auditCommand.run({
    ...{ config: no([]), databasePath, configPath: 'nowhere', words, login: 'ana' },
    ...{ say: complain, complain },
  });
  return { status, text: said.join('\n') };
}

test('what cannot be read is said in one line, and is no verdict about the register', async () => {
  const path = join(aFolder(), 'signalman.db');
  const missing = await asked(path, 'verify');
  expect(missing).toMatchObject({ status: 1, text: expect.stringMatching(/There is no database/) });
  writeFileSync(path, 'no database at all');
  const lost = await asked(path, 'verify');
  expect(lost).toEqual({ status: 1, text: 'This did not work: file is not a database.' });
});

test.each([
  ['verify --checkpoint nowhere', /no checkpoint in a file “nowhere”/],
  ['verify --key nowhere', /no public key in a file “nowhere”/],
  ['verify everything', /can't place “everything”/],
  ['export --format xml', /jsonl and csv, not “xml”/],
  ['export everything', /can't place “everything”/],
  ['accept', /Why\?/],
  ['', /Export, verify or accept\?/],
])('“audit %s” is told what is wrong and how to write it', async (words, problem) => {
  const { status, text } = await asked('nowhere', ...words.split(' '));
  expect(status).toBe(2);
  expect(text).toMatch(problem);
  expect(text).toMatch(/Usage:\n {2}audit export/);
});

test('the table takes entries from before any said who wrote them', () => {
  const [entry] = aRegister(1);
  assert(entry, 'there is one');
  const { signalman: _, ...before } = JSON.parse(entry.body);
  expect(csvLine({ ...entry, body: JSON.stringify(before) })).toMatch(/^1,.*,done,,,,,$/);
});
