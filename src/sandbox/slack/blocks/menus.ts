/** Everything a person chooses from: menus, checkboxes and radio buttons. */
import { z } from 'zod';

import * as part from '#sandbox/slack/blocks/composition-objects.ts';
import {
  ALMOST_ANYWHERE,
  type ElementKind,
  type ElementKinds,
  element,
} from '#sandbox/slack/blocks/element-kind.ts';
import { text } from '#sandbox/slack/blocks/text-objects.ts';

const id = text(255);
const boxes = z.array(part.boxOption).min(1);
const menuOptions = z.array(part.menuOption).min(1);
const initialOption = { initial_option: part.menuOption.optional() };
const many = { max_selected_items: part.maxSelectedItems };
const query = { min_query_length: z.int().min(0).optional() };
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: part.conversationFilter,
};
const answerable = { response_url_enabled: z.boolean().optional() };
const choices = {
  options: part.menuOptions.optional(),
  option_groups: part.optionGroups.optional(),
};

const focusable = { confirm: part.confirm, focus_on_load: part.focusOnLoad };

const box = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  element(type, { options: boxes.max(10), ...focusable, ...fields });

const menu = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  element(type, { placeholder: part.placeholder, ...focusable, ...fields });

const kind = (shape: z.ZodType): ElementKind => ({ ...ALMOST_ANYWHERE, shape });

type Choices = { readonly options?: unknown; readonly option_groups?: unknown };
const oneKindOfChoices = (it: Choices) => !it.options !== !it.option_groups;
const ONE_KIND_OF_CHOICES = 'must have exactly one of options and option_groups';

export const MENUS: ElementKinds = {
  checkboxes: kind(
    box('checkboxes', { initial_options: boxes.optional() }).superRefine(initialOptionsExist),
  ),
  radio_buttons: kind(
    box('radio_buttons', { initial_option: part.boxOption.optional() }).superRefine(
      initialOptionsExist,
    ),
  ),
  static_select: kind(
    menu('static_select', { ...choices, ...initialOption })
      .refine(oneKindOfChoices, ONE_KIND_OF_CHOICES)
      .superRefine(initialOptionsExist),
  ),
  multi_static_select: kind(
    menu('multi_static_select', { ...choices, ...many, initial_options: menuOptions.optional() })
      .refine(oneKindOfChoices, ONE_KIND_OF_CHOICES)
      .superRefine(initialOptionsExist),
  ),
  external_select: kind(menu('external_select', { ...initialOption, ...query })),
  multi_external_select: kind(
    menu('multi_external_select', {
      ...many,
      ...query,
      initial_options: menuOptions.optional(),
    }),
  ),
  users_select: kind(menu('users_select', { initial_user: id.optional() })),
  multi_users_select: kind(
    menu('multi_users_select', { ...many, initial_users: z.array(id).optional() }),
  ),
  conversations_select: kind(
    menu('conversations_select', {
      ...conversations,
      ...answerable,
      initial_conversation: id.optional(),
    }),
  ),
  multi_conversations_select: kind(
    menu('multi_conversations_select', {
      ...conversations,
      ...many,
      initial_conversations: z.array(id).optional(),
    }),
  ),
  channels_select: kind(menu('channels_select', { ...answerable, initial_channel: id.optional() })),
  multi_channels_select: kind(
    menu('multi_channels_select', { ...many, initial_channels: z.array(id).optional() }),
  ),
};

type WithOptions = {
  readonly options?: readonly unknown[] | undefined;
  readonly option_groups?: readonly { readonly options: readonly unknown[] }[] | undefined;
  readonly initial_option?: unknown;
  readonly initial_options?: readonly unknown[] | undefined;
};

/** Slack compares whole options: a matching value with another text is no match. */
function initialOptionsExist(it: WithOptions, { addIssue }: z.core.$RefinementCtx): void {
  const groups = it.option_groups?.flatMap((group) => group.options) ?? [];
  const known = new Set([...(it.options ?? []), ...groups].map((one) => JSON.stringify(one)));
  const initial = it.initial_option ? [it.initial_option] : (it.initial_options ?? []);
  if (initial.every((one) => known.has(JSON.stringify(one)))) return;
  const path = [it.initial_option ? 'initial_option' : 'initial_options'];
  addIssue({ code: 'custom', path, message: 'must be among the options' });
}
