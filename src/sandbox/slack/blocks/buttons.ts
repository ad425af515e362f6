import { z } from 'zod';

import * as part from '#sandbox/slack/blocks/composition-objects.ts';
import {
  type ElementKind,
  type ElementKinds,
  element,
} from '#sandbox/slack/blocks/element-kind.ts';
import { EVERYWHERE } from '#sandbox/slack/blocks/surface.ts';
import { plainText, text, url } from '#sandbox/slack/blocks/text-objects.ts';

const label = { text: plainText(75), accessibility_label: text(75).optional() };
const value = text(2_000);
const feedback = z.strictObject({ ...label, value });

const pressable: Omit<ElementKind, 'shape'> = { in: ['section', 'actions'], on: EVERYWHERE };
const inMessages: Omit<ElementKind, 'shape'> = { in: ['context_actions'], on: ['message'] };

const workflow = z.strictObject({
  trigger: z.strictObject({
    url,
    customizable_input_parameters: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .optional(),
  }),
});

export const BUTTONS: ElementKinds = {
  button: {
    ...pressable,
    shape: element('button', {
      ...label,
      value: value.optional(),
      url: url.optional(),
      style: part.style,
      confirm: part.confirm,
    }),
  },
  overflow: {
    ...pressable,
    shape: element('overflow', {
      options: z.array(part.overflowOption).min(1).max(5),
      confirm: part.confirm,
    }),
  },
  workflow_button: {
    in: ['section', 'actions'],
    on: ['message'],
    shape: element('workflow_button', { ...label, style: part.style, workflow }),
  },
  feedback_buttons: {
    ...inMessages,
    shape: element('feedback_buttons', { positive_button: feedback, negative_button: feedback }),
  },
  icon_button: {
    ...inMessages,
    shape: element('icon_button', {
      ...label,
      icon: text(255),
      value: value.optional(),
      visible_to_user_ids: z.array(z.string()).optional(),
      confirm: part.confirm,
    }),
  },
};
