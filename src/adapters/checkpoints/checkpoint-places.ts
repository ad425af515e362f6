import { basename, dirname, join } from 'node:path';
import type { Settings } from '#domain/settings.ts';

export type CheckpointPlaces = {
  /** The newest checkpoint, replaced whole. */
  readonly newest: string;
  /** All there ever were, one after the other. */
  readonly kept: string;
  readonly key: string;
  /** What others need in order to check a signature; it is no secret. */
  readonly publicKey: string;
};

/** Named after the database, so that several of them may share a folder. */
export function checkpointPlaces(
  databasePath: string,
  { keyFile, checkpointDir }: Settings['audit'] = {},
): CheckpointPlaces {
  const beside = dirname(databasePath);
  const newest = join(checkpointDir ?? beside, `${basename(databasePath)}.checkpoint`);
  const key = keyFile ?? join(beside, 'audit-key.pem');
  return { newest, kept: `${newest}s`, key, publicKey: `${key}.pub` };
}
