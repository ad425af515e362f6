import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** Who signs notes (C2SP signed-note): everybody may know the line, and only the signer has the key. */
export type Signer = { readonly verifierKey: string; readonly sign: (text: string) => string };

/** A note whose signature was checked, or why it is worth nothing. */
export type OpenedNote =
  | { readonly isGenuine: true; readonly text: string }
  | { readonly isGenuine: false; readonly why: string };

const ED25519 = Buffer.from([1]);
const KEY_ID_BYTES = 4;
const POINT_BYTES = 32;

export function createSigner(key: KeyObject): Signer {
  const point = pointOf(createPublicKey(key));
  const name = `signalman/${hash('sha256', point, 'hex').slice(0, 16)}`;
  const id = keyIdOf(name, point);
  return {
    verifierKey: `${name}+${id.toString('hex')}+${Buffer.concat([ED25519, point]).toString('base64')}`,
    sign: (text) => {
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
}

/** The name under which a key signs, which is also the origin of its checkpoints. */
export const nameOf = (verifierKey: string) => verifierKey.replace(/\+.*/, '');

export function openNote(note: string, verifierKey: string): OpenedNote {
  const key = readVerifierKey(verifierKey);
  if (!key) return notGenuine('the public key is not a verifier key (name+id+key)');
  const [, text, signatures = ''] = /^([\s\S]*\n)\n((?:— [^\n]+\n)+)$/.exec(note) ?? [];
  if (text === undefined) return notGenuine('it is no signed note');
  const start = `— ${key.name} `;
  const ours = signatures
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => Buffer.from(line.slice(start.length), 'base64'))
    .find((bytes) => bytes.subarray(0, KEY_ID_BYTES).equals(key.id));
  if (!ours) return notGenuine('it was signed by another key');
  return verify(null, Buffer.from(text), key.publicKey, ours.subarray(KEY_ID_BYTES))
    ? { isGenuine: true, text }
    : notGenuine('its signature does not fit what it says');
}

const notGenuine = (why: string) => ({ isGenuine: false, why }) as const;

function readVerifierKey(line: string) {
  const [, name = '', id = '', key = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(line.trim()) ?? [];
  const bytes = Buffer.from(key, 'base64');
  const point = bytes.subarray(1);
  if (!bytes.subarray(0, 1).equals(ED25519)) return undefined;
  if (keyIdOf(name, point).toString('hex') !== id) return undefined;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  return {
    name,
    id: Buffer.from(id, 'hex'),
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
  };
}

const keyIdOf = (name: string, point: Buffer) =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, point]), 'buffer').subarray(
    0,
    KEY_ID_BYTES,
  );

/** In this form it stands at the end. */
const pointOf = (publicKey: KeyObject) =>
  publicKey.export({ format: 'der', type: 'spki' }).subarray(-POINT_BYTES);
