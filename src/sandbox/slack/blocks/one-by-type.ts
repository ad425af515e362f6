import { z } from 'zod';

/** Dispatches on `type` and passes on what the chosen shape complains about, in its place. */
export function oneByType(shapes: Readonly<Record<string, z.ZodType>>) {
  return z.looseObject({ type: z.string() }).superRefine((value, { addIssue }) => {
    const shape = Object.hasOwn(shapes, value.type) ? shapes[value.type] : undefined;
    if (!shape) {
      const message = `unsupported type: ${value.type}`;
      const params = { code: 'unsupported_type' };
      addIssue({ code: 'custom', path: ['type'], message, params });
      return;
    }
    for (const issue of shape.safeParse(value).error?.issues ?? []) addIssue({ ...issue });
  });
}
