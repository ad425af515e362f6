import { z } from 'zod';

const TEXT_CHARACTERS_MAX = 3_000;

export const text = (max: number) => z.string().min(1).max(max);
export const url = text(3_000).regex(/^(https?:\/\/|mailto:|slack:)/, 'must be a valid URL');

export const plainText = (max = TEXT_CHARACTERS_MAX) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: text(max),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (max = TEXT_CHARACTERS_MAX) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: text(max),
    verbatim: z.boolean().optional(),
  });

export const anyText = (max = TEXT_CHARACTERS_MAX) =>
  z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

export const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });
export const rawNumber = z.strictObject({
  type: z.literal('raw_number'),
  value: z.number(),
  text: z.string().min(1),
});
