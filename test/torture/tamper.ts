/**
 * Whoever changes the register is found: seven kinds of tampering, drawn from a seed, each shown to
 * the bot's own check and to the stand-alone verifier, which have to agree.
 */

import { type ChainedEntry, chain, leafHash, linkHash } from '#store/chain.ts';
import { checkRegister, type RegisterCheck } from '#store/check-register.ts';
import { anEntry, aRegister, aSigner, checkpointOf, exported } from '#test/support/register.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';
import { checkExport } from '../../scripts/verify-audit.mjs';

const EACH = 1_000;
const SIZE = 60;

type Entries = readonly ChainedEntry[];
type Tampered = { readonly entries: Entries; readonly note: string };
/** A whole number below, drawn. */
type Draw = (below: number) => number;
type Kind = {
  readonly says: 'broken' | 'disagrees';
  readonly tamper: (genuine: Tampered, draw: Draw) => Tampered;
};

const STATUS: Readonly<Record<RegisterCheck['says'], number>> = {
  intact: 0,
  broken: 1,
  disagrees: 3,
  unvouched: 4,
};

const signer = aSigner();
const stranger = aSigner();
const entries = aRegister(SIZE);
const genuine: Tampered = { entries, note: checkpointOf(entries, signer) };

const KINDS: Readonly<Record<string, Kind>> = {
  changed: { says: 'broken', tamper: change },
  removed: {
    says: 'broken',
    // Without its last one it is cut off, which is another kind.
    tamper: ({ entries: all, note }, draw) => ({ entries: all.toSpliced(draw(SIZE - 1), 1), note }),
  },
  inserted: { says: 'broken', tamper: insert },
  reordered: { says: 'broken', tamper: reorder },
  truncated: {
    says: 'disagrees',
    tamper: ({ entries: all, note }, draw) => ({ entries: all.slice(0, draw(SIZE)), note }),
  },
  recomputed: {
    says: 'disagrees',
    tamper: (all, draw) => ({ entries: computedAnew(all.entries, draw), note: all.note }),
  },
  forged: { says: 'disagrees', tamper: forge },
};

export async function run({ seed, scale }: Trial): Promise<Row> {
  const draw = drawFrom(seed);
  const missed: string[] = [];
  const times = scaled(EACH, { scale });
  if (wrongAbout(genuine, 'intact')) missed.push('an untouched register is not intact');
  for (const [name, { says, tamper }] of Object.entries(KINDS))
    for (let nth = 0; nth < times; nth += 1) {
      const wrong = wrongAbout(tamper(genuine, draw), says);
      if (wrong) missed.push(`${name} ${nth}: ${wrong}`);
    }
  const all = times * Object.keys(KINDS).length;
  const figure = `${all - missed.length} of ${all} mutations in 7 kinds found, by both verifiers`;
  const name = 'tampering with the register is found';
  return missed.length === 0
    ? { name, figure, ok: true }
    : { name, figure: `${figure}; ${missed.slice(0, 3).join('; ')}`, ok: false };
}

/** Undefined when both say what they have to say, and at the same entry. */
function wrongAbout({ entries: all, note }: Tampered, says: RegisterCheck['says']) {
  const { verifierKey } = signer;
  const own = checkRegister({ entries: all, notes: [{ where: 'here', note }], verifierKey });
  if (own.says !== says) return `the bot says ${own.says}`;
  const other = checkExport(exported(all), [note], verifierKey);
  if (other.status !== STATUS[says]) return `the stand-alone verifier says ${other.status}`;
  if (own.says === 'broken' && !other.words.includes(`at entry ${own.seq}: ${own.problem}.`))
    return `they differ: ${own.problem}, ${other.words}`;
  return undefined;
}

/** One character of one field, so that it is still of its form. */
function change({ entries: all, note }: Tampered, draw: Draw): Tampered {
  const place = draw(SIZE);
  const old = at(all, place);
  const field = (['body', 'prev', 'hash'] as const)[draw(3)] ?? 'body';
  const entry =
    field === 'body'
      ? { ...old, body: otherBody(old.body, draw) }
      : { ...old, [field]: flipped(old[field], draw) };
  return { entries: all.with(place, entry), note };
}

/** Within the reason, so that the line of an export stays JSON. */
function otherBody(body: string, draw: Draw): string {
  const from = body.indexOf('"reason":"') + '"reason":"'.length;
  const place = from + draw('change '.length);
  const letter = String.fromCharCode(97 + draw(26));
  const other = letter === body[place] ? '!' : letter;
  return body.slice(0, place) + other + body.slice(place + 1);
}

function flipped(bytes: Buffer, draw: Draw): Buffer {
  const other = Buffer.from(bytes);
  const place = draw(other.length);
  other[place] = (other[place] ?? 0) ^ (1 << draw(8));
  return other;
}

/** Chained properly to the one before, with all after it numbered anew. */
function insert({ entries: all, note }: Tampered, draw: Draw): Tampered {
  const place = draw(SIZE);
  const fresh = chain(all[place - 1], anEntry({ reason: `never happened ${draw(1e6)}` }));
  const after = all.slice(place).map((entry) => ({ ...entry, seq: entry.seq + 1 }));
  return { entries: [...all.slice(0, place), fresh, ...after], note };
}

/** Two change places and numbers. */
function reorder({ entries: all, note }: Tampered, draw: Draw): Tampered {
  const one = draw(SIZE - 1);
  const other = one + 1 + draw(SIZE - 1 - one);
  const [first, second] = [at(all, one), at(all, other)];
  const swapped = all
    .with(one, { ...second, seq: first.seq })
    .with(other, { ...first, seq: second.seq });
  return { entries: swapped, note };
}

/** Something is changed, and every hash after it is made to fit. */
function computedAnew(all: Entries, draw: Draw): Entries {
  const from = draw(SIZE);
  const anew = all.slice(0, from);
  for (const old of all.slice(from)) {
    const body = old.seq === from + 1 ? otherBody(old.body, draw) : old.body;
    const prev = anew.at(-1)?.hash ?? Buffer.alloc(32);
    anew.push({ ...old, body, prev, hash: linkHash(prev, leafHash(body)) });
  }
  return anew;
}

/** A register computed anew with a checkpoint to fit it, by another key or written over an old one. */
function forge({ entries: all, note }: Tampered, draw: Draw): Tampered {
  const anew = computedAnew(all, draw);
  const fitting = checkpointOf(anew, stranger);
  if (draw(2) === 0) return { entries: anew, note: fitting };
  const [text = ''] = fitting.split('\n\n');
  const [, signature = ''] = note.split('\n\n');
  const [own = ''] = note.split('\n');
  return { entries: anew, note: `${text.replace(/^[^\n]+/, own)}\n\n${signature}` };
}

function at(all: Entries, place: number): ChainedEntry {
  const entry = all[place];
  if (!entry) throw new Error(`there is no entry ${place}`);
  return entry;
}

/** Numbers that a seed gives again (mulberry32). */
function drawFrom(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
