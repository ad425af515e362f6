import { assert } from '#domain/result.ts';

/** For a place that is known to be in the list, which the compiler cannot see. */
export function itemAt<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  assert(item !== undefined, 'the list has this place');
  return item;
}
