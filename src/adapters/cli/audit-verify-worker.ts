/** The thread of `audit verify`: reads the whole register on a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkRegister, type Evidence, type RegisterCheck } from '#store/check-register.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { readRegister } from '#store/sqlite/register.ts';

export type ToVerify = Omit<Evidence, 'entries'> & { readonly databasePath: string };
export type Verified = RegisterCheck | { readonly failed: string };

parentPort?.postMessage(verify(workerData));

function verify({ databasePath, ...wanted }: ToVerify): Verified {
  try {
    const db = openForReading(databasePath);
    try {
      return checkRegister({ ...wanted, entries: readRegister(db) });
    } finally {
      db.$client.close();
    }
  } catch (error) {
    // Databases say what they could not do; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { failed: error.message };
  }
}
