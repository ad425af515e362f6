/** What is changed in code, to see whether a test notices. */
import { childrenOf, isNode, type Node } from '#test/mutation/syntax.ts';

/** A part of the source, and what stands there instead. */
export type Mutation = { readonly start: number; readonly end: number; readonly to: string };

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '||=': ['&&='],
  '??=': ['&&='],
};

/** Methods that are easily taken for one another; an empty name takes the call away. */
const METHODS: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  filter: '',
  slice: '',
  toSorted: '',
  toReversed: '',
  trim: '',
  toLowerCase: '',
};

/** The names of what is changed in a node that stands in an expression's place. */
const OF_EXPRESSION: Readonly<Record<string, (node: Node, source: string) => readonly string[]>> = {
  BinaryExpression: ofOperator,
  LogicalExpression: ofOperator,
  AssignmentExpression: ofOperator,
  UnaryExpression: (node, source) =>
    ['!', '-'].includes(String(node.operator)) ? [textOf(node.argument, source)] : [],
  UpdateExpression: (node, source) => [
    textOf(node, source).replace(/\+\+|--/, (sign) => (sign === '++' ? '--' : '++')),
  ],
  Literal: ofLiteral,
  TemplateLiteral: (node, source) => (textOf(node, source) === '``' ? [] : ['``']),
  ArrayExpression: (node) => [isEmpty(node.elements) ? '["added"]' : '[]'],
  ObjectExpression: (node) => (isEmpty(node.properties) ? [] : ['({})']),
  ChainExpression: (node, source) =>
    optionalsOf(node).map((at) => {
      const [head, tail] = [source.slice(node.start, at), source.slice(at, node.end)];
      return head + tail.replace(/^\?\.(?=[[(])/, '').replace(/^\?\./, '.');
    }),
  CallExpression: ofCall,
};

/** What may stand in place of an expression. */
export function mutationsOf(node: Node, source: string): readonly Mutation[] {
  const texts = OF_EXPRESSION[node.type]?.(node, source) ?? [];
  return texts.map((to) => ({ start: node.start, end: node.end, to }));
}

/** A condition is also tried as one that always and as one that never holds. */
export const mutationsOfCondition = (node: Node, isLoop: boolean): readonly Mutation[] =>
  (isLoop ? ['false'] : ['true', 'false'])
    .filter((to) => node.type !== 'Literal' || String(node.value) !== to)
    .map((to) => ({ start: node.start, end: node.end, to }));

function ofOperator(node: Node, source: string): readonly string[] {
  const { left, right } = node;
  if (!isNode(left) || !isNode(right)) return [];
  const operator = String(node.operator);
  // Joined texts have no difference.
  if (operator === '+' && [left, right].some(isText)) return [];
  return (OPERATORS[operator] ?? []).map(
    (other) => `(${textOf(left, source)}) ${other} (${textOf(right, source)})`,
  );
}

function ofLiteral({ value, regex, raw }: Node): readonly string[] {
  if (regex) return withoutAnchors(String(raw));
  if (typeof value === 'boolean') return [String(!value)];
  if (typeof value === 'string') return [value === '' ? '"added"' : '""'];
  return [];
}

function withoutAnchors(raw: string): readonly string[] {
  const open = raw.startsWith('/^') ? [`/${raw.slice(2)}`] : [];
  const close = /\$(\/[a-z]*)$/.test(raw) ? [raw.replace(/\$(\/[a-z]*)$/, '$1')] : [];
  return [...open, ...close].filter((to) => !to.startsWith('//'));
}

function ofCall({ callee, end }: Node, source: string): readonly string[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed) return [];
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property)) return [];
  const name = textOf(property, source);
  const other = METHODS[name];
  // Of its own, for `toString` is a name that every object knows.
  if (other === undefined || !Object.hasOwn(METHODS, name)) return [];
  if (other === '') return [textOf(object, source)];
  return [source.slice(callee.start, property.start) + other + source.slice(property.end, end)];
}

/** Where `?.` stands in a chain, but not in another one within it. */
function optionalsOf(node: Node): readonly number[] {
  const inner = childrenOf(node)
    .filter(({ part }) => part === 'expression' || part === 'object' || part === 'callee')
    .flatMap((child) => optionalsOf(child.node));
  const before = [node.object, node.callee].find(isNode);
  return node.optional === true && before ? [...inner, before.end] : inner;
}

const textOf = (node: unknown, source: string): string =>
  isNode(node) ? source.slice(node.start, node.end) : '';
const isEmpty = (parts: unknown) => Array.isArray(parts) && parts.length === 0;
const isText = ({ type, value }: Node) => type === 'TemplateLiteral' || typeof value === 'string';
