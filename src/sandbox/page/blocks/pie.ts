/** Pie charts, and the marks of a legend: a colour and a shape each, so that neither is alone. */
import { html } from '../html.ts';
import type { PieData } from './chart-data.ts';
import { shortNumber, slicePath } from './chart-shape.ts';

const MARKS = ['●', '■', '▲', '◆', '▼', '★'];

export function Mark({ index }: { index: number }) {
  return html`<span class="mark series-${index % 6}">${MARKS[index % MARKS.length]}</span>`;
}

export function Pie({ data: { segments } }: { data: PieData }) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  const shareOf = (value: number) => (total > 0 ? value / total : 0);
  let turned = 0;
  const slices = segments.map(({ label, value }, index) => {
    const from = turned;
    turned += shareOf(value);
    return { label, value, index, path: slicePath(from, turned, 80) };
  });
  return html`<div class="pie">
    <svg viewBox="-84 -84 168 168" aria-hidden="true">
      ${slices.map(({ path, index, label }) => {
        return html`<path key=${label} class="slice series-${index % 6}" d=${path} />`;
      })}
    </svg>
    <ul class="legend" aria-hidden="true">
      ${slices.map(({ label, value, index }) => {
        return html`<li key=${label}>
          <${Mark} index=${index} /> ${label} <strong>${shortNumber(value)}</strong>
          <span class="muted"> ${(shareOf(value) * 100).toFixed(1)} %</span>
        </li>`;
      })}
    </ul>
  </div>`;
}
