/**
 * Every element with its limits, the blocks it may stand in, and the surfaces it may stand on.
 * A wrong place is reported as an unsupported type, as Slack does.
 */
import { z } from 'zod';

import { BUTTONS } from '#sandbox/slack/blocks/buttons.ts';
import {
  hasOneSource,
  imageSource,
  ONE_SOURCE,
} from '#sandbox/slack/blocks/composition-objects.ts';
import type { ElementKinds, Holder } from '#sandbox/slack/blocks/element-kind.ts';
import { INPUTS } from '#sandbox/slack/blocks/inputs.ts';
import { MENUS } from '#sandbox/slack/blocks/menus.ts';
import { EVERYWHERE, type Surface } from '#sandbox/slack/blocks/surface.ts';
import { mrkdwn, plainText, text } from '#sandbox/slack/blocks/text-objects.ts';

const image = z
  .strictObject({ type: z.literal('image'), alt_text: text(2_000), ...imageSource })
  .refine(hasOneSource, ONE_SOURCE);

const ELEMENTS: ElementKinds = {
  ...BUTTONS,
  ...MENUS,
  ...INPUTS,
  image: { in: ['section', 'context'], on: EVERYWHERE, shape: image },
  plain_text: { in: ['context'], on: EVERYWHERE, shape: plainText() },
  mrkdwn: { in: ['context'], on: EVERYWHERE, shape: mrkdwn() },
};

/** The elements a block may hold on a surface, by type. */
export function elementsIn(holder: Holder, surface: Surface): Readonly<Record<string, z.ZodType>> {
  const fitting = Object.entries(ELEMENTS).filter(
    ([, kind]) => kind.in.includes(holder) && kind.on.includes(surface),
  );
  return Object.fromEntries(fitting.map(([type, { shape }]) => [type, shape]));
}
