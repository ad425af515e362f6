// YAML with its line numbers kept, so that whatever is wrong later can be found in the file.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { no, type Result, yes } from '#domain/result.ts';

export type KeyPath = readonly (string | number)[];
export type YamlProblem = { readonly line: number; readonly problem: string };
export type YamlSource = {
  /** Maps, lists and texts. Texts stay as written: `2.10` is a version, not the number 2.1. */
  readonly value: unknown;
  /** The line of a key, or of the nearest thing around it when the key is missing. */
  readonly lineOf: (path: KeyPath) => number;
};

export function readYaml(text: string): Result<YamlSource, readonly YamlProblem[]> {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Odd keys are reported by the schema; nothing is printed from here.
    logLevel: 'error',
    // Everything is text at first; what a text means is for the schema to say.
    schema: 'failsafe',
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return no(onePerLine(faults, lineAt));

  const stray = findStrayAlias(document);
  if (stray) {
    const problem = `*${stray.name} refers to nothing: put a value that begins with * in quotes`;
    return no([{ line: lineAt(stray.offset), problem }]);
  }
  try {
    const value: unknown = document.toJS();
    return yes({ value, lineOf: (path) => lineAt(offsetOf(document, path)) });
  } catch {
    // The parser gives up on aliases of aliases, which would grow without end.
    return no([{ line: 1, problem: 'cannot be read as YAML: too many aliases' }]);
  }
}

/** One broken line often breaks the parser several times over; the first time says the most. */
function onePerLine(faults: readonly YAMLError[], lineAt: (offset: number) => number) {
  const firsts = new Map<number, YAMLError>();
  for (const fault of faults) {
    const line = lineAt(fault.pos[0]);
    if (!firsts.has(line)) firsts.set(line, fault);
  }
  return [...firsts].map(([line, fault]) => ({ line, problem: inWords(fault) }));
}

function inWords({ code, message }: YAMLError): string {
  if (code === 'BAD_ALIAS' || /unexpected alias/i.test(message))
    return 'put a value that begins with * in quotes, as in poll: "* * * * *"';
  if (code === 'BAD_SCALAR_START') return 'put a value that begins with @ or ` in quotes';
  if (code === 'DUPLICATE_KEY') return 'this key is there twice; keep one of the two';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces, not with tabs';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; remove the ---';
  return `cannot be read as YAML: ${message}`;
}

function findStrayAlias(document: Document) {
  let stray: { readonly name: string; readonly offset: number } | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      stray = { name: alias.source, offset: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return stray;
}

function offsetOf(document: Document, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    const found = step(isAlias(node) ? node.resolve(document) : node, part);
    if (!found) break;
    offset = startOf(found.at) ?? offset;
    node = found.value;
  }
  return offset;
}

/** A key is where its name stands; its value may begin further down. */
function step(node: unknown, part: string | number): { at: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { at: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair && { at: pair.key, value: pair.value };
}

const startOf = (node: unknown) => (isNode(node) ? (node as Node).range?.[0] : undefined);
