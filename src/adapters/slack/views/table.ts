import type { TableBlock } from '@slack/types';

/** A table of plain text; the first row is its head. Numbers stand on the right. */
export const table = (
  rows: readonly (readonly string[])[],
  isNumber: readonly boolean[],
): TableBlock => ({
  type: 'table',
  column_settings: isNumber.map((right) => ({ align: right ? 'right' : 'left', is_wrapped: true })),
  rows: rows.map((cells) => cells.map((text) => ({ type: 'raw_text', text }))),
});
