import { z } from 'zod';

import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { type Complaint, complain, complaintsOf } from '#sandbox/slack/blocks/complaint.ts';
import { plainText } from '#sandbox/slack/blocks/text-objects.ts';

const common = {
  private_metadata: z.string().max(3_000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};
const button = plainText(24).optional();
const emoji = z.boolean().optional();

/** Checked loosely first, so that blocks of the wrong kind are told by their own pointers. */
const modal = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  submit: button,
  close: button,
  blocks: z.array(z.unknown()),
  clear_on_close: emoji,
  notify_on_close: emoji,
  submit_disabled: emoji,
  ...common,
});
const home = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(z.unknown()),
  ...common,
  // Slack takes these two for a Home tab and ignores them.
  title: plainText(24).optional(),
  close: button,
});

const holdsInput = (block: unknown) => z.looseObject({ type: z.literal('input') }).safeParse(block);

export function checkView(
  view: unknown,
  surface: 'modal' | 'home',
  at: readonly PropertyKey[] = ['view'],
): readonly Complaint[] {
  const frame = (surface === 'modal' ? modal : home).safeParse(view);
  if (!frame.success) return complaintsOf({ error: frame.error, value: view }, at);
  const { data } = frame;
  const complaints = [...checkBlocks(data.blocks, surface, [...at, 'blocks'])];
  const asksForInput = data.blocks.some((block) => holdsInput(block).success);
  if (surface === 'modal' && asksForInput && !('submit' in data && data.submit)) {
    complaints.push(complain('missing_field', 'missing required field: submit', at));
  }
  return complaints;
}
