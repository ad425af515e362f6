import { z } from 'zod';

import { richText } from '#sandbox/slack/blocks/rich-text.ts';
import { rawNumber, rawText, text } from '#sandbox/slack/blocks/text-objects.ts';

const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);
const plainCell = z.discriminatedUnion('type', [rawText, rawNumber]);
const TABLE_COLUMNS_MAX = 20;

export const table = {
  rows: z.array(z.array(cell).min(1).max(TABLE_COLUMNS_MAX)).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(TABLE_COLUMNS_MAX)
    .optional(),
};

/** The first row is the header: it holds no rich text, and it says how long each row is. */
const dataRows = z
  .tuple([z.array(plainCell).min(1).max(TABLE_COLUMNS_MAX)], z.array(cell))
  .refine((rows) => rows.length >= 2, 'must have a header and at least one row')
  .refine((rows) => rows.length <= 101, 'no more than 101 items allowed')
  .superRefine((rows, { addIssue }) => {
    rows.forEach((row, index) => {
      if (row.length === rows[0].length) return;
      const message = 'must have as many cells as the header';
      addIssue({ code: 'custom', path: [index], message });
    });
  });

export const dataTable = {
  rows: dataRows,
  caption: text(3_000),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
};
