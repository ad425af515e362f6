/**
 * Every element with its limits, the blocks it may stand in, and the surfaces it may stand on.
 * A wrong place is reported as an unsupported type, as Slack does.
 */
import { z } from 'zod';

import * as part from '#sandbox/slack/blocks/composition-objects.ts';
import { richText } from '#sandbox/slack/blocks/rich-text.ts';
import { EVERYWHERE, type Surface } from '#sandbox/slack/blocks/surface.ts';
import { plainText, text, url } from '#sandbox/slack/blocks/text-objects.ts';

export type Holder = 'section' | 'actions' | 'input' | 'context' | 'context_actions';

type ElementKind = {
  readonly in: readonly Holder[];
  readonly on: readonly Surface[];
  readonly shape: z.ZodType;
};

const INTERACTIVE: readonly Holder[] = ['section', 'actions', 'input'];
const DATE = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date like 2026-11-20');
const TIME = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30');

const element = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), action_id: part.actionId, ...fields });

const menu = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  element(type, {
    placeholder: part.placeholder,
    confirm: part.confirm,
    focus_on_load: part.focusOnLoad,
    ...fields,
  });

const typed = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  element(type, {
    placeholder: part.placeholder,
    focus_on_load: part.focusOnLoad,
    dispatch_action_config: part.dispatchActionConfig,
    initial_value: z.string().optional(),
    ...fields,
  });

const choices = {
  options: part.menuOptions.optional(),
  option_groups: part.optionGroups.optional(),
};
type Choices = { readonly options?: unknown; readonly option_groups?: unknown };
const oneKindOfChoices = (it: Choices) => !it.options !== !it.option_groups;
const ONE_KIND_OF_CHOICES = 'must have exactly one of options and option_groups';

const many = { max_selected_items: part.maxSelectedItems };
const length = z.int().min(0).max(3_000).optional();
const button = { text: plainText(75), accessibility_label: text(75).optional() };

const plainTextInput = typed('plain_text_input', {
  multiline: z.boolean().optional(),
  min_length: length,
  max_length: length.refine((max) => max !== 0, 'must be greater than 0'),
}).refine((it) => (it.min_length ?? 0) <= (it.max_length ?? Number.POSITIVE_INFINITY), {
  message: 'min_length must not exceed max_length',
  path: ['min_length'],
});

const workflowButton = element('workflow_button', {
  ...button,
  style: part.style,
  workflow: z.strictObject({
    trigger: z.strictObject({
      url,
      customizable_input_parameters: z
        .array(z.strictObject({ name: z.string(), value: z.string() }))
        .optional(),
    }),
  }),
});

const feedback = z.strictObject({ ...button, value: text(2_000) });
const listed = { in: INTERACTIVE, on: EVERYWHERE };
const modalInput: Omit<ElementKind, 'shape'> = { in: ['input'], on: ['modal'] };
const messageOnly = { on: ['message'] as const };

const ELEMENTS: Readonly<Record<string, ElementKind>> = {
  button: {
    in: ['section', 'actions'],
    on: EVERYWHERE,
    shape: element('button', {
      ...button,
      value: text(2_000).optional(),
      url: url.optional(),
      style: part.style,
      confirm: part.confirm,
    }),
  },
  overflow: {
    in: ['section', 'actions'],
    on: EVERYWHERE,
    shape: element('overflow', {
      options: z.array(part.overflowOption).min(1).max(5),
      confirm: part.confirm,
    }),
  },
  checkboxes: {
    ...listed,
    shape: element('checkboxes', {
      options: z.array(part.boxOption).min(1).max(10),
      initial_options: z.array(part.boxOption).min(1).optional(),
      confirm: part.confirm,
      focus_on_load: part.focusOnLoad,
    }).superRefine(initialOptionsExist),
  },
  radio_buttons: {
    ...listed,
    shape: element('radio_buttons', {
      options: z.array(part.boxOption).min(1).max(10),
      initial_option: part.boxOption.optional(),
      confirm: part.confirm,
      focus_on_load: part.focusOnLoad,
    }).superRefine(initialOptionsExist),
  },
  static_select: {
    ...listed,
    shape: menu('static_select', { ...choices, initial_option: part.menuOption.optional() })
      .refine(oneKindOfChoices, ONE_KIND_OF_CHOICES)
      .superRefine(initialOptionsExist),
  },
  multi_static_select: {
    ...listed,
    shape: menu('multi_static_select', {
      ...choices,
      ...many,
      initial_options: z.array(part.menuOption).min(1).optional(),
    })
      .refine(oneKindOfChoices, ONE_KIND_OF_CHOICES)
      .superRefine(initialOptionsExist),
  },
  external_select: {
    ...listed,
    shape: menu('external_select', {
      initial_option: part.menuOption.optional(),
      min_query_length: z.int().min(0).optional(),
    }),
  },
  multi_external_select: {
    ...listed,
    shape: menu('multi_external_select', {
      ...many,
      initial_options: z.array(part.menuOption).min(1).optional(),
      min_query_length: z.int().min(0).optional(),
    }),
  },
  users_select: { ...listed, shape: menu('users_select', { initial_user: text(255).optional() }) },
  multi_users_select: {
    ...listed,
    shape: menu('multi_users_select', { ...many, initial_users: z.array(text(255)).optional() }),
  },
  conversations_select: {
    ...listed,
    shape: menu('conversations_select', {
      initial_conversation: text(255).optional(),
      default_to_current_conversation: z.boolean().optional(),
      response_url_enabled: z.boolean().optional(),
      filter: part.conversationFilter,
    }),
  },
  multi_conversations_select: {
    ...listed,
    shape: menu('multi_conversations_select', {
      ...many,
      initial_conversations: z.array(text(255)).optional(),
      default_to_current_conversation: z.boolean().optional(),
      filter: part.conversationFilter,
    }),
  },
  channels_select: {
    ...listed,
    shape: menu('channels_select', {
      initial_channel: text(255).optional(),
      response_url_enabled: z.boolean().optional(),
    }),
  },
  multi_channels_select: {
    ...listed,
    shape: menu('multi_channels_select', {
      ...many,
      initial_channels: z.array(text(255)).optional(),
    }),
  },
  datepicker: { ...listed, shape: menu('datepicker', { initial_date: DATE.optional() }) },
  timepicker: {
    ...listed,
    shape: menu('timepicker', { initial_time: TIME.optional(), timezone: z.string().optional() }),
  },
  datetimepicker: {
    in: ['actions', 'input'],
    on: ['message', 'modal'],
    shape: element('datetimepicker', {
      initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
      confirm: part.confirm,
      focus_on_load: part.focusOnLoad,
    }),
  },
  plain_text_input: { in: ['input'], on: EVERYWHERE, shape: plainTextInput },
  rich_text_input: {
    in: ['input'],
    on: EVERYWHERE,
    shape: element('rich_text_input', {
      placeholder: part.placeholder,
      focus_on_load: part.focusOnLoad,
      dispatch_action_config: part.dispatchActionConfig,
      initial_value: richText.optional(),
      min_lines: z.int().min(1).max(100).optional(),
      max_lines: z.int().min(1).max(100).optional(),
    }),
  },
  email_text_input: { ...modalInput, shape: typed('email_text_input', {}) },
  url_text_input: { ...modalInput, shape: typed('url_text_input', {}) },
  number_input: {
    ...modalInput,
    shape: typed('number_input', {
      is_decimal_allowed: z.boolean(),
      min_value: z.string().optional(),
      max_value: z.string().optional(),
    }),
  },
  file_input: {
    ...modalInput,
    shape: element('file_input', {
      filetypes: z.array(z.string()).optional(),
      max_files: z.int().min(1).max(10).optional(),
    }),
  },
  image: {
    in: ['section', 'context'],
    on: EVERYWHERE,
    shape: z
      .strictObject({ type: z.literal('image'), alt_text: text(2_000), ...part.imageSource })
      .refine(part.hasOneSource, part.ONE_SOURCE),
  },
  plain_text: { in: ['context'], on: EVERYWHERE, shape: plainText() },
  mrkdwn: {
    in: ['context'],
    on: EVERYWHERE,
    shape: z.strictObject({
      type: z.literal('mrkdwn'),
      text: text(3_000),
      verbatim: z.boolean().optional(),
    }),
  },
  workflow_button: { in: ['section', 'actions'], ...messageOnly, shape: workflowButton },
  feedback_buttons: {
    in: ['context_actions'],
    ...messageOnly,
    shape: element('feedback_buttons', { positive_button: feedback, negative_button: feedback }),
  },
  icon_button: {
    in: ['context_actions'],
    ...messageOnly,
    shape: element('icon_button', {
      ...button,
      icon: text(255),
      value: text(2_000).optional(),
      visible_to_user_ids: z.array(z.string()).optional(),
      confirm: part.confirm,
    }),
  },
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

/** The elements a block may hold on a surface, by type. */
export function elementsIn(holder: Holder, surface: Surface): Readonly<Record<string, z.ZodType>> {
  const fitting = Object.entries(ELEMENTS).filter(
    ([, kind]) => kind.in.includes(holder) && kind.on.includes(surface),
  );
  return Object.fromEntries(fitting.map(([type, { shape }]) => [type, shape]));
}
