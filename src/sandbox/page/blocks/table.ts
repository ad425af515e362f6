/** Tables: every row at once, or a page at a time. */
import type { DataTableBlock, TableBlock } from '@slack/types';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { RichText } from './rich-text.ts';

type Cell = TableBlock['rows'][number][number];

export function Table({ block }: { block: TableBlock }) {
  const [head = [], ...rows] = block.rows;
  const settings = block.column_settings ?? [];
  const look = (column: number) => {
    const { align = 'left', is_wrapped: wrapped } = settings[column] ?? {};
    return `align-${align} ${wrapped ? 'wrapped' : ''}`;
  };
  return html`<div class="block table-scroll" tabIndex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${head.map((cell, column) => html`<th scope="col" class=${look(column)}>${shown(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => {
          return html`<tr>
            ${row.map((cell, column) => html`<td class=${look(column)}>${shown(cell)}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

export function DataTable({ block }: { block: DataTableBlock }) {
  const [page, setPage] = useState(0);
  const size = block.page_size ?? 5;
  const [head = [], ...rows] = block.rows;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages - 1);
  const shownRows = rows.slice(at * size, (at + 1) * size);
  return html`<div class="block data-table">
    <div class="table-caption">${block.caption}</div>
    <${Table} block=${{ type: 'table', rows: [head, ...shownRows] }} />
    ${
      pages > 1 &&
      html`<div class="table-pages">
        <button type="button" class="quiet" disabled=${at === 0} onClick=${() => setPage(at - 1)}>
          Previous
        </button>
        <span class="muted">Page ${at + 1} of ${pages}</span>
        <button
          type="button"
          class="quiet"
          disabled=${at === pages - 1}
          onClick=${() => setPage(at + 1)}
        >
          Next
        </button>
      </div>`
    }
  </div>`;
}

function shown(cell: Cell) {
  if (cell.type === 'rich_text') return html`<${RichText} block=${cell} />`;
  return cell.text;
}
