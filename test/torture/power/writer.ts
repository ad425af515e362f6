/** Commits one change after the other and says of each that it is acknowledged, until the power fails. */
import { writeSync } from 'node:fs';
import { yes } from '#domain/result.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { noon } from '#test/support/builders.ts';

const [path = '', mode = 'FULL'] = process.argv.slice(2);
const db = openDatabase(path);
if (mode === 'NORMAL') db.$client.pragma('synchronous = NORMAL');
// Early enough that the log is moved into the database a few times before the end.
db.$client.pragma('wal_autocheckpoint = 50');
const store = createSqliteStore(db);
const actor = { kind: 'cli', id: 'power-cut' } as const;
const about = {
  at: noon,
  actor,
  action: 'test',
  target: {},
  from: '',
  to: '',
  outcome: 'done',
} as const;

for (;;) {
  const outcome = await store.change(
    { kind: 'register', name: 'power-cut' },
    () => yes({ next: null, owes: [], audit: { ...about, reason: 'acknowledged' } }),
    { at: noon },
  );
  if (!outcome.ok) throw new Error('It was refused');
  writeSync(1, `${outcome.value.auditSeq}\n`);
}
