import { BLOCKS_ON } from '#sandbox/slack/blocks/block-kinds.ts';
import { type Complaint, complaintsOf } from '#sandbox/slack/blocks/complaint.ts';
import type { Surface } from '#sandbox/slack/blocks/surface.ts';
import { type AnyBlock, checkTogether } from '#sandbox/slack/blocks/whole-message.ts';

/** Everything wrong with these blocks on this surface; `at` is where they stand in the request. */
export function checkBlocks(
  blocks: unknown,
  surface: Surface,
  at: readonly PropertyKey[] = ['blocks'],
): readonly Complaint[] {
  const read = BLOCKS_ON[surface].safeParse(blocks);
  if (!read.success) return complaintsOf({ error: read.error, value: blocks }, at);
  return checkTogether(read.data as readonly AnyBlock[], surface, at);
}
