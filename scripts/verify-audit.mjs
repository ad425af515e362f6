#!/usr/bin/env node
/**
 * Checks an export of the register without Signalman: nothing but Node (20 or later) is needed, and
 * nobody has to trust the program that wrote the register. Words and statuses are those of
 * `signalman audit verify`: 0 intact, 1 broken, 2 wrong usage, 3 disagrees with a checkpoint,
 * 4 no recent checkpoint.
 *
 *   signalman audit export > register.jsonl
 *   node scripts/verify-audit.mjs register.jsonl [--checkpoint <file>] [--key <file>]
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const UNVOUCHED_MS_MAX = 2 * 60 * 60 * 1000;
const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Buffer.from([0]);
const INNER = Buffer.from([1]);

/** Gives the exit status and the words for it. */
export function checkExport(text, notes = [], verifierKey = undefined) {
  const opened = verifierKey === undefined ? [] : notes.map((note) => open(note, verifierKey));
  const wanted = new Set(opened.map(({ size }) => size));
  const stands = new Map();
  let [prev, entries, nodes, lastAt] = [Buffer.alloc(32), 0, [], ''];
  const stand = () => {
    if (wanted.has(entries))
      stands.set(entries, { root: rootOf(nodes), head: prev.toString('hex') });
  };
  stand();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const seq = entries + 1;
    const entry = read(line);
    const leaf = sha256(LEAF, entry?.body ?? '');
    const problem = problemOf(entry, { seq, prev: prev.toString('hex'), leaf });
    if (problem) return { status: 1, words: `The register is broken at entry ${seq}: ${problem}.` };
    prev = Buffer.from(entry.hash, 'hex');
    nodes = withLeaf(nodes, entries, leaf);
    entries = seq;
    lastAt = entry.at;
    stand();
  }
  for (const checkpoint of opened) {
    const problem =
      checkpoint.why ?? disagreement(checkpoint, entries, stands.get(checkpoint.size));
    if (problem)
      return {
        status: 3,
        words: `The register is sound in itself, but it disagrees with a checkpoint. ${problem}.`,
      };
  }
  return vouched({ opened, entries, head: prev.toString('hex'), lastAt, verifierKey });
}

/** The bytes of the body are cut out as they stand, because they are what was hashed. */
function read(line) {
  const [, seq, prev, hash, body] =
    /^\{"seq":(\d+),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","body":(\{.*\})\}$/.exec(
      line,
    ) ?? [];
  try {
    return { seq: Number(seq), prev, hash, body, at: JSON.parse(body).at };
  } catch {
    return undefined;
  }
}

function problemOf(entry, { seq, prev, leaf }) {
  if (!entry) return `entry ${seq} was changed after it was written`;
  if (entry.seq !== seq) return `entry ${seq} is missing; ${entry.seq} follows`;
  if (entry.prev !== prev) return `entry ${seq} does not follow the one before it`;
  const own = sha256(Buffer.from(prev, 'hex'), leaf).toString('hex');
  return entry.hash === own ? undefined : `entry ${seq} was changed after it was written`;
}

/** The Merkle tree of RFC 6962, as the roots of the full subtrees that the leaves make up. */
function withLeaf(nodes, size, leaf) {
  const rest = [...nodes];
  let node = leaf;
  for (let left = size; left % 2 === 1; left = (left - 1) / 2)
    node = sha256(INNER, rest.pop(), node);
  return [...rest, node];
}

function rootOf(nodes) {
  if (nodes.length === 0) return sha256('').toString('base64');
  return nodes.reduceRight((right, left) => sha256(INNER, left, right)).toString('base64');
}

/** A checkpoint (C2SP tlog-checkpoint), or why it is worth nothing. */
function open(note, verifierKey) {
  const [, name = '', id = '', key = ''] =
    /^([^+]+)\+([^+]+)\+(.*)$/.exec(verifierKey.trim()) ?? [];
  const bytes = Buffer.from(key, 'base64');
  const ownId = sha256(`${name}\n`, bytes).subarray(0, 4);
  if (bytes.length !== 33 || bytes[0] !== 1 || ownId.toString('hex') !== id)
    return { why: 'the public key is not a verifier key (name+id+key)' };
  const [, text, signatures = ''] = /^([\s\S]*\n)\n((?:— [^\n]+\n)+)$/.exec(note) ?? [];
  if (text === undefined) return { why: 'it is no signed note' };
  const ours = signatures.split('\n').find((line) => line.startsWith(`— ${name} `));
  const signature = Buffer.from(ours?.split(' ')[2] ?? '', 'base64');
  if (!signature.subarray(0, 4).equals(ownId)) return { why: 'it was signed by another key' };
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  if (!verify(null, Buffer.from(text), publicKey, signature.subarray(4)))
    return { why: 'its signature does not fit what it says' };
  const [, origin, size, root, head, at] =
    /^([^\s+]+)\n(\d+)\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\nat (\S+)\n$/.exec(text) ?? [];
  if (origin !== name) return { why: 'it is no checkpoint of this register' };
  return { size: Number(size), root, head, at: Date.parse(at) };
}

function disagreement({ size, root, head }, entries, stand) {
  if (size > entries)
    return `it knows ${size} entries, and the register ends at ${entries}: it was cut off, or an older copy was restored`;
  return stand?.root === root && stand.head === head
    ? undefined
    : `its first ${size} entries are not the ones that the checkpoint knows: they were computed anew`;
}

function vouched({ opened, entries, head, lastAt, verifierKey }) {
  const unvouched = (problem) => ({
    status: 4,
    words: `The register is sound in itself (${entries} entries), but no recent checkpoint vouches for it: ${problem}.`,
  });
  if (verifierKey === undefined)
    return unvouched('there is no public key to check a checkpoint with');
  const newest = opened.toSorted((one, other) => other.size - one.size)[0];
  if (!newest) return unvouched('there is no checkpoint');
  const made = new Date(newest.at).toISOString();
  if (entries > newest.size && Date.parse(lastAt) - newest.at > UNVOUCHED_MS_MAX)
    return unvouched(
      `the newest was made at ${made} of ${newest.size} entries, and entries went on for more than two hours after that`,
    );
  return {
    status: 0,
    words: `The register is intact: ${entries} entries, head ${head}.\nIt agrees with the checkpoint of ${newest.size} entries made at ${made}.`,
  };
}

/** As they were written one after the other, or copied out of a channel. */
export function notesIn(text) {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('\n');
  const notes = lines.match(
    /^[^\s+]+\n\d+\n[A-Za-z0-9+/=]+\n(?:[^\n]+\n)*\n(?:— [^\n]+(?:\n|$))+/gm,
  );
  return (notes ?? [lines]).map((note) => `${note.trimEnd()}\n`);
}

function main() {
  const usage = 'Usage: verify-audit.mjs <export.jsonl> [--checkpoint <file>] [--key <file>]';
  try {
    const options = { checkpoint: { type: 'string' }, key: { type: 'string' } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length !== 1) return { status: 2, words: usage };
    const text = (path) => (path === undefined ? undefined : readFileSync(path, 'utf8'));
    const [register, checkpoint, key] = [positionals[0], values.checkpoint, values.key].map(text);
    return checkExport(register, checkpoint === undefined ? [] : notesIn(checkpoint), key);
  } catch (error) {
    return { status: 2, words: `${error.message}\n${usage}` };
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { status, words } = main();
  (status === 0 ? process.stdout : process.stderr).write(`${words}\n`);
  process.exitCode = status;
}
