import { z } from 'zod';

import { actionId } from '#sandbox/slack/blocks/composition-objects.ts';
import { EVERYWHERE, type Surface } from '#sandbox/slack/blocks/surface.ts';

/** The blocks that hold elements. */
export type Holder = 'section' | 'actions' | 'input' | 'context' | 'context_actions';

export type ElementKind = {
  readonly in: readonly Holder[];
  readonly on: readonly Surface[];
  readonly shape: z.ZodType;
};
export type ElementKinds = Readonly<Record<string, ElementKind>>;

/** Where most elements may stand. */
export const ALMOST_ANYWHERE: Omit<ElementKind, 'shape'> = {
  in: ['section', 'actions', 'input'],
  on: EVERYWHERE,
};

export const element = <Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  fields: Fields,
) => z.strictObject({ type: z.literal(type), action_id: actionId, ...fields });
