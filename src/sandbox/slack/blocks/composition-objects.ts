import { z } from 'zod';

import { anyText, plainText, text, url } from '#sandbox/slack/blocks/text-objects.ts';

export const actionId = text(255).optional();
export const style = z.enum(['primary', 'danger']).optional();

export const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style,
  })
  .optional();

export const placeholder = plainText(150).optional();
export const focusOnLoad = z.boolean().optional();
export const maxSelectedItems = z.int().min(1).optional();

export const dispatchActionConfig = z
  .strictObject({
    trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
  })
  .optional();

/** Menus take plain text only; checkboxes and radio buttons may use mrkdwn. */
export const menuOption = z.strictObject({
  text: plainText(75),
  value: text(75),
  description: plainText(75).optional(),
});
export const overflowOption = menuOption.extend({ url: url.optional() });
export const boxOption = z.strictObject({
  text: anyText(75),
  value: text(75),
  description: anyText(75).optional(),
});

export const menuOptions = z.array(menuOption).min(1).max(100);
export const optionGroups = z
  .array(z.strictObject({ label: plainText(75), options: menuOptions }))
  .min(1)
  .max(100);

export const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'must have at least one field')
  .optional();

/** An image comes by address or from Slack's own files, never both. */
export const imageSource = {
  image_url: url.optional(),
  slack_file: z
    .strictObject({ id: z.string().optional(), url: z.string().optional() })
    .refine((file) => !file.id !== !file.url, 'must have exactly one of id and url')
    .optional(),
};
export const hasOneSource = (image: { image_url?: unknown; slack_file?: unknown }) =>
  !image.image_url !== !image.slack_file;
export const ONE_SOURCE = 'must have exactly one of image_url and slack_file';
