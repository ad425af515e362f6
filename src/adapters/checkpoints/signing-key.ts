import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import type { Logger } from '#operations/logger.ts';
import { createSigner, type Signer } from '#store/signed-note.ts';

const ONLY_OWNER = 0o600;

/** The key that signs checkpoints; the first time it is made, and whoever starts it is told. */
export async function openSigningKey(
  { key: path, publicKey }: Pick<CheckpointPlaces, 'key' | 'publicKey'>,
  log: Logger,
): Promise<Signer> {
  const found = await readFile(path, 'utf8').catch(undefinedIfMissing);
  if (found !== undefined) {
    const signer = createSigner(asEd25519(found, path));
    const known = await readFile(publicKey, 'utf8').catch(undefinedIfMissing);
    if (known?.trim() !== signer.verifierKey) await writePublicKey(publicKey, signer);
    return signer;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = createSigner(privateKey);
  await mkdir(dirname(path), { recursive: true });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  // A key that another process has just made must not be replaced.
  await writeFile(path, pem, { mode: ONLY_OWNER, flag: 'wx', flush: true });
  await writePublicKey(publicKey, signer);
  log.warn(
    { keyFile: path, verifierKey: signer.verifierKey },
    'A key that signs checkpoints was made; note its verifier key outside of this machine',
  );
  return signer;
}

const writePublicKey = (path: string, { verifierKey }: Signer) =>
  writeFile(path, `${verifierKey}\n`);

function asEd25519(pem: string, path: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${path} holds a key of another kind than Ed25519`);
  return key;
}

export const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
