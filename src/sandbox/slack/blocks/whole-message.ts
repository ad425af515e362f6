/** Rules that no single block can break: unique ids, and what a message may hold in all. */
import { type Complaint, complain } from '#sandbox/slack/blocks/complaint.ts';
import type { Surface } from '#sandbox/slack/blocks/surface.ts';

export type AnyBlock = { readonly type: string; readonly block_id?: unknown } & {
  readonly [field: string]: unknown;
};

type Path = readonly PropertyKey[];
const CHARTS_MAX = 2;
const MARKDOWN_CHARACTERS_MAX = 12_000;
const DATA_TABLE_CHARACTERS_MAX = 10_000;

export function checkTogether(
  blocks: readonly AnyBlock[],
  surface: Surface,
  at: Path,
): readonly Complaint[] {
  return [
    ...uniqueBlockIds(blocks, at),
    ...blocks.flatMap((block, index) => uniqueActionIds(block, [...at, index])),
    ...(surface === 'message' ? [] : oneFocus(blocks, at)),
    ...atMost(CHARTS_MAX, ofType(blocks, 'data_visualization'), at),
    ...atMost(1, ofType(blocks, 'table', 'data_table'), at, 'only_one_table_allowed'),
    ...fewCharacters(MARKDOWN_CHARACTERS_MAX, ofType(blocks, 'markdown'), at),
    ...fewCharacters(DATA_TABLE_CHARACTERS_MAX, ofType(blocks, 'data_table'), at),
  ];
}

/** Counts what people read, not the JSON around it. */
export function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersIn(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [field, inner]) => {
    const isText = field === 'text' && typeof inner === 'string';
    return sum + (isText ? inner.length : charactersIn(inner));
  }, 0);
}

function elementsOf(block: AnyBlock): { path: Path; element: Record<string, unknown> }[] {
  const places = [
    { path: ['accessory'], value: block['accessory'] },
    { path: ['element'], value: block['element'] },
    ...asList(block['elements']).map((value, index) => ({ path: ['elements', index], value })),
  ];
  return places.flatMap(({ path, value }) => {
    const element = asRecord(value);
    return element ? [{ path, element }] : [];
  });
}

type Placed = { readonly block: AnyBlock; readonly index: number };

function ofType(blocks: readonly AnyBlock[], ...types: readonly string[]): readonly Placed[] {
  return blocks
    .map((block, index) => ({ block, index }))
    .filter(({ block }) => types.includes(block.type));
}

function uniqueBlockIds(blocks: readonly AnyBlock[], at: Path): Complaint[] {
  const seen = new Set<unknown>();
  return blocks.flatMap(({ block_id }, index) => {
    if (block_id === undefined) return [];
    if (!seen.has(block_id)) {
      seen.add(block_id);
      return [];
    }
    const message = `block_id ${JSON.stringify(block_id)} already exists`;
    return [complain('duplicate_block_id', message, [...at, index, 'block_id'])];
  });
}

function uniqueActionIds(block: AnyBlock, at: Path): Complaint[] {
  const seen = new Set<unknown>();
  return elementsOf(block).flatMap(({ path, element: { action_id } }) => {
    if (action_id === undefined) return [];
    if (!seen.has(action_id)) {
      seen.add(action_id);
      return [];
    }
    const message = `action_id ${JSON.stringify(action_id)} already exists`;
    return [complain('duplicate_action_id', message, [...at, ...path, 'action_id'])];
  });
}

function oneFocus(blocks: readonly AnyBlock[], at: Path): Complaint[] {
  const focused = blocks.flatMap((block, index) =>
    elementsOf(block)
      .filter(({ element }) => element['focus_on_load'] === true)
      .map(({ path }) => [...at, index, ...path, 'focus_on_load']),
  );
  return focused
    .slice(1)
    .map((path) => complain('invalid', 'only one element may have focus_on_load', path));
}

function atMost(max: number, placed: readonly Placed[], at: Path, code?: string): Complaint[] {
  return placed
    .slice(max)
    .map(({ block, index }) =>
      complain(
        code ?? 'too_many_items',
        code ?? `no more than ${max} ${block.type} blocks allowed`,
        [...at, index],
      ),
    );
}

function fewCharacters(max: number, placed: readonly Placed[], at: Path): Complaint[] {
  const characters = placed.reduce((sum, { block }) => sum + charactersIn(block), 0);
  const last = placed.at(-1);
  if (characters <= max || !last) return [];
  const message = `${last.block.type} blocks must be less than ${max + 1} characters together`;
  return [complain('too_long', message, [...at, last.index])];
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const asRecord = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
