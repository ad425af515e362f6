/** Walking through a syntax tree as Vite's parser gives it, past everything that is only a type. */
import { parseAst } from 'vitest/node';

export type Node = { readonly type: string; readonly start: number; readonly end: number } & {
  readonly [part: string]: unknown;
};

/** A child with the name of its place in the parent. */
export type Child = { readonly part: string; readonly node: Node };

export const parse = (source: string): Node => parseAst(source, { lang: 'ts' }) as unknown as Node;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Nodes that wrap an expression in a type, and have a meaning at run time all the same. */
const CASTS = ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'];

const isOnlyType = ({ type }: Node) => type.startsWith('TS') && !CASTS.includes(type);

export function childrenOf(node: Node): readonly Child[] {
  return Object.entries(node)
    .flatMap(([part, value]) => [value].flat().map((one) => ({ part, node: one })))
    .filter((child): child is Child => isNode(child.node) && !isOnlyType(child.node))
    .toSorted((one, other) => one.node.start - other.node.start);
}
