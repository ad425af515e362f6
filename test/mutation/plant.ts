/**
 * Plants every mutant of a file into it at once, each behind a switch, so that the tests are loaded
 * once and not once a mutant.
 */
import { type Mutation, mutationsOf, mutationsOfCondition } from '#test/mutation/mutations.ts';
import { type Child, childrenOf, isNode, type Node, parse } from '#test/mutation/syntax.ts';

export type Mutant = {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
};
export type Planted = { readonly code: string; readonly mutants: readonly Mutant[] };

/** The name under which the code asks whether a mutant is the one that is tried. */
export const SWITCH = '__isTried';

export type Original = {
  readonly file: string;
  readonly source: string;
  readonly firstId: number;
};

export function plantMutants({ file, source, firstId }: Original): Planted {
  const mutants: Mutant[] = [];
  const numbered = ({ start, end, to }: Mutation): number => {
    const id = firstId + mutants.length;
    const line = source.slice(0, start).split('\n').length;
    mutants.push({ id, file, line, from: source.slice(start, end), to });
    return id;
  };
  /** Switches for changes, around what stands there: as conditions, since that nests. */
  const plant = (mutations: readonly Mutation[], otherwise: string): string => {
    const switches = mutations.map((one) => `${SWITCH}(${numbered(one)}) ? (${one.to}) : `);
    return switches.length === 0 ? otherwise : `(${switches.join('')}(${otherwise}))`;
  };
  /** A statement or a block, behind its switch, and in braces lest an `else` behind it change sides. */
  const plantRemoval = ({ start, end }: Node, otherwise: string): string =>
    `{ if (!${SWITCH}(${numbered({ start, end, to: '' })})) { ${otherwise} } }`;

  const written = (node: Node, part: string, parent: Node | undefined): string => {
    const inside = childrenOf(node)
      .filter((child) => !isFixed(child, node, source))
      .reduceRight(
        (text, child) =>
          text.slice(0, child.node.start - node.start) +
          written(child.node, child.part, node) +
          text.slice(child.node.end - node.start),
        source.slice(node.start, node.end),
      );
    if (parent?.type === 'TaggedTemplateExpression' && part === 'quasi') return inside;
    if (isFunctionBody(part, parent)) {
      const isBlock = node.type === 'BlockStatement';
      if (isBlock) return isBare(node) ? inside : plantRemoval(node, inside);
      const gone = { start: node.start, end: node.end, to: 'undefined' };
      return plant([...mutationsOf(node, source), gone], inside);
    }
    if (node.type === 'ExpressionStatement') return plantRemoval(node, inside);
    if (node.type === 'BlockStatement' && isBranch(part, parent) && !isBare(node))
      return plantRemoval(node, inside);
    if (part === 'test' && parent?.type !== 'SwitchCase') {
      const isLoop = parent?.type !== 'IfStatement' && parent?.type !== 'ConditionalExpression';
      return plant([...mutationsOf(node, source), ...mutationsOfCondition(node, isLoop)], inside);
    }
    return plant(mutationsOf(node, source), inside);
  };
  return { code: written(parse(source), '', undefined), mutants };
}

const isFunctionBody = (part: string, parent: Node | undefined) =>
  part === 'body' && parent !== undefined && /Function/.test(parent.type);

const isBranch = (part: string, parent: Node | undefined) =>
  ['consequent', 'alternate', 'body', 'block', 'handler', 'finalizer'].includes(part) &&
  parent?.type !== 'Program';

const isBare = ({ body }: Node) => Array.isArray(body) && body.length === 0;

/**
 * What is left as it is. Names and patterns are no expressions. What stands in an `assert` cannot
 * happen, or no test could make it happen; and a tagged template is SQL, which has no such switches.
 */
function isFixed({ part, node }: Child, parent: Node, source: string): boolean {
  if (/^(Import|ExportAll)/.test(node.type) || parent.type === 'ImportExpression') return true;
  if (part === 'key' || part === 'label' || part === 'id' || part === 'source') return true;
  if (part === 'property') return parent.computed !== true;
  if (/^(AssignmentExpression|ForOfStatement|ForInStatement)$/.test(parent.type) && part === 'left')
    return true;
  if (parent.type === 'UpdateExpression' || node.type === 'TemplateElement') return true;
  return isAssertion(node, source);
}

const isAssertion = ({ type, expression }: Node, source: string) =>
  type === 'ExpressionStatement' &&
  isNode(expression) &&
  source.slice(expression.start, expression.end).startsWith('assert(');
