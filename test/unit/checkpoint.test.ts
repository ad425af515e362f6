import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkpointText, readCheckpoint } from '#domain/checkpoint.ts';
import { leafHash } from '#store/chain.ts';
import { type Frontier, NO_LEAVES, rootOf, withLeaf } from '#store/merkle.ts';
import { createSigner, nameOf, openNote } from '#store/signed-note.ts';
import { noon } from '#test/support/builders.ts';

/** The leaves and roots that implementations of RFC 6962 are checked against. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243'].concat(
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the root of a growing tree is that of RFC 6962 after each leaf', () => {
  let frontier: Frontier = NO_LEAVES;
  const roots = [rootOf(frontier)];
  for (const leaf of LEAVES) {
    frontier = withLeaf(frontier, leafHash(Buffer.from(leaf, 'hex').toString('latin1')));
    roots.push(rootOf(frontier));
  }
  expect(roots.map((root) => root.toString('hex'))).toEqual(ROOTS);
});

describe('a signed note', () => {
  const signer = createSigner(generateKeyPairSync('ed25519').privateKey);

  test('by another program is opened as its makers do', () => {
    const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature =
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    expect(openNote(`${text}\n${signature}`, key)).toEqual({ isGenuine: true, text });
  });

  test('opens with the key of its signer only', () => {
    const note = signer.sign('one\ntwo\n');
    expect(openNote(note, signer.verifierKey)).toEqual({ isGenuine: true, text: 'one\ntwo\n' });
    const other = createSigner(generateKeyPairSync('ed25519').privateKey).verifierKey;
    expect(openNote(note, other)).toMatchObject({ why: 'it was signed by another key' });
    // The same name over another key, as somebody would write it who wants to be taken for us.
    const [name] = signer.verifierKey.split('+');
    const forged = note.replace(/signalman\/\w+/, String(name));
    expect(openNote(forged.replace('two', 'three'), signer.verifierKey)).toMatchObject({
      why: 'its signature does not fit what it says',
    });
    // A key whose own identifier does not fit it was mistyped.
    const mistyped = signer.verifierKey.replace(/\+[0-9a-f]/, (id) => (id === '+0' ? '+1' : '+0'));
    expect(openNote(note, mistyped)).toMatchObject({
      why: 'the public key is not a verifier key (name+id+key)',
    });
    for (const key of ['no key', `x ${signer.verifierKey}`, `${signer.verifierKey}x`])
      expect(openNote(note, key)).toMatchObject({ isGenuine: false });
    for (const other of ['no note', `${note}more\n`, note.replace('\n\n', '\n')])
      expect(openNote(other, signer.verifierKey)).toMatchObject({ why: 'it is no signed note' });
  });

  test('is signed under a name of its own, and by a key of one kind only', () => {
    const signer = createSigner(generateKeyPairSync('ed25519').privateKey);
    const note = signer.sign('one\n');
    const [name = '', id = '', key = ''] = signer.verifierKey.split(/\+(.{8})\+/);
    expect(name).toMatch(/^signalman\/[0-9a-f]{16}$/);
    expect(nameOf(signer.verifierKey)).toBe(name);
    // The key is often copied out of a file, with the end of its line.
    expect(openNote(note, ` ${signer.verifierKey}\n`)).toMatchObject({ isGenuine: true });
    const renamed = note.replace(name, name.replace('signalman', 'signalmen'));
    expect(openNote(renamed, signer.verifierKey)).toMatchObject({
      why: 'it was signed by another key',
    });
    const both = `${note}— somebody else\n`;
    expect(openNote(both, signer.verifierKey)).toMatchObject({ isGenuine: true });
    const point = Buffer.from(key, 'base64').subarray(1);
    const ofAnotherKind = Buffer.concat([Buffer.from([2]), point]).toString('base64');
    expect(openNote(note, `${name}+${id}+${ofAnotherKind}`)).toMatchObject({
      why: 'the public key is not a verifier key (name+id+key)',
    });
  });

  test('holds a checkpoint, which is read back as it was written and not otherwise', () => {
    const origin = nameOf(signer.verifierKey);
    const root = Buffer.alloc(32, 7).toString('base64');
    const checkpoint = { origin, size: 12, root, head: 'ab'.repeat(32), at: noon };
    const text = checkpointText(checkpoint);
    expect(readCheckpoint(text)).toEqual(checkpoint);
    for (const other of [text.replace('\n12\n', '\n012\n'), `${text}more\n`, text.trim(), ''])
      expect(readCheckpoint(other)).toBeUndefined();
  });
});
