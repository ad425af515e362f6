/** A register of a million entries, checked by the command that people use, in its thread. */
import { join } from 'node:path';
import { createCheckpointIssuer } from '#adapters/checkpoints/checkpoint-files.ts';
import { checkpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { auditCommand } from '#adapters/cli/audit-command.ts';
import { DONE, type Terminal } from '#adapters/cli/command.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { no } from '#domain/result.ts';
import { later } from '#domain/time.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createRegister } from '#store/sqlite/register.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import { type Figure, timed } from '#test/bench/figure.ts';
import { inFolder } from '#test/bench/started-bot.ts';
import { noon } from '#test/support/builders.ts';

const ENTRIES = 1_000_000;

export async function measureRegister(say: (figure: Figure) => void): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, 'signalman.db');
    await fill(path);
    const { tookMs, cpuMs } = await timed(async () => {
      const status = await auditCommand.run({ ...terminal, databasePath: path });
      if (status !== DONE) throw new Error(`audit verify ended with ${status}`);
    });
    const both = { unit: 's', compare: 'max' } as const;
    say({ ...both, name: 'audit verify of 1 M entries', below: 30, samples: [tookMs / 1_000] });
    say({ ...both, name: '  of this its own work (CPU)', samples: [cpuMs / 1_000] });
  });
}

const terminal: Omit<Terminal, 'databasePath'> = {
  config: no([]),
  configPath: 'nowhere',
  words: ['verify'],
  login: 'bench',
  say: () => {},
  complain: console.error,
};

/** With the checkpoint that verifying also holds the register against. */
async function fill(path: string): Promise<void> {
  const db = openDatabase(path);
  const { append } = createRegister(db);
  db.$client.exec('BEGIN');
  for (let at = 0; at < ENTRIES; at += 1) append(entry(at));
  db.$client.exec('COMMIT');
  const tree = createRegisterTree(db);
  tree.catchUp(ENTRIES);
  const quiet = () => {};
  const log = { info: quiet, warn: quiet, error: quiet };
  await createCheckpointIssuer(checkpointPlaces(path), log)(tree.stand(), later(noon, ENTRIES));
  db.$client.close();
}

const entry = (nth: number): AuditDraft => ({
  at: later(noon, nth * 1_000),
  actor: { kind: 'policy', id: 'signalman' },
  action: 'promote',
  target: { service: `agent-${nth % 200}`, release: 1 + (nth % 900), version: '2.4.0' },
  from: '5 %',
  to: '10 %',
  reason: 'error rate 0.8 % of 4,120 requests, limit 5 %; stable 0.8 % of 78,300',
  outcome: 'done',
  step: { number: 3, weightPercent: 10 },
});
