/** Everything a person types into, and the pickers of days and times. */
import { z } from 'zod';

import * as part from '#sandbox/slack/blocks/composition-objects.ts';
import {
  ALMOST_ANYWHERE,
  type ElementKind,
  type ElementKinds,
  element,
} from '#sandbox/slack/blocks/element-kind.ts';
import { richText } from '#sandbox/slack/blocks/rich-text.ts';
import { EVERYWHERE } from '#sandbox/slack/blocks/surface.ts';

const DATE = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date like 2026-11-20');
const TIME = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30');
const MOMENT_SECONDS = z.int().min(1_000_000_000).max(9_999_999_999);
const length = z.int().min(0).max(3_000).optional();
const lines = z.int().min(1).max(100).optional();

const placed = { placeholder: part.placeholder, focus_on_load: part.focusOnLoad };
const picked = { confirm: part.confirm, focus_on_load: part.focusOnLoad };

const typed = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  element(type, {
    ...placed,
    dispatch_action_config: part.dispatchActionConfig,
    initial_value: z.string().optional(),
    ...fields,
  });

const plainTextInput = typed('plain_text_input', {
  multiline: z.boolean().optional(),
  min_length: length,
  max_length: length.refine((max) => max !== 0, 'must be greater than 0'),
}).refine((it) => (it.min_length ?? 0) <= (it.max_length ?? Number.POSITIVE_INFINITY), {
  message: 'min_length must not exceed max_length',
  path: ['min_length'],
});

const numberInput = typed('number_input', {
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const fileInput = element('file_input', {
  filetypes: z.array(z.string()).optional(),
  max_files: z.int().min(1).max(10).optional(),
});

const richTextInput = element('rich_text_input', {
  ...placed,
  dispatch_action_config: part.dispatchActionConfig,
  initial_value: richText.optional(),
  min_lines: lines,
  max_lines: lines,
});

const inInputs = (shape: z.ZodType): ElementKind => ({ in: ['input'], on: EVERYWHERE, shape });
const inModals = (shape: z.ZodType): ElementKind => ({ in: ['input'], on: ['modal'], shape });

export const INPUTS: ElementKinds = {
  plain_text_input: inInputs(plainTextInput),
  rich_text_input: inInputs(richTextInput),
  email_text_input: inModals(typed('email_text_input', {})),
  url_text_input: inModals(typed('url_text_input', {})),
  number_input: inModals(numberInput),
  file_input: inModals(fileInput),
  datepicker: {
    ...ALMOST_ANYWHERE,
    shape: element('datepicker', {
      ...picked,
      placeholder: part.placeholder,
      initial_date: DATE.optional(),
    }),
  },
  timepicker: {
    ...ALMOST_ANYWHERE,
    shape: element('timepicker', {
      ...picked,
      placeholder: part.placeholder,
      initial_time: TIME.optional(),
      timezone: z.string().optional(),
    }),
  },
  datetimepicker: {
    in: ['actions', 'input'],
    on: ['message', 'modal'],
    shape: element('datetimepicker', { ...picked, initial_date_time: MOMENT_SECONDS.optional() }),
  },
};
