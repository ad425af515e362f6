import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Instant } from '#domain/time.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import { createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { noon } from '#test/support/builders.ts';

/** A folder of its own that goes away with the test. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real database file with everything that works on it, and a clock that the test moves. */
export function aStore(path = join(aFolder(), 'signalman.db')) {
  const db = openDatabase(path);
  onTestFinished(() => {
    db.$client.close();
  });
  const time = { now: noon as Instant };
  const journal = openJournal({
    path: journalPath(path),
    part: 'bot',
    onTrouble: (error) => {
      throw error;
    },
  });
  onTestFinished(journal.close);
  return {
    db,
    path,
    store: createSqliteStore(db),
    queries: createQueries(db),
    outbox: createOutbox(db),
    messages: createMessageLog(db),
    logs: createAgentLogStore(db),
    journal,
    uniqueId: randomUUID,
    time,
    clock: () => time.now,
  };
}
