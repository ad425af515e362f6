/** Slack's chart block: a title, a legend that names the values, and our own drawing. */
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import type { DataVisualization, PlotData } from './chart-data.ts';
import { shortNumber } from './chart-shape.ts';
import { Mark, Pie } from './pie.ts';
import { Plot } from './plot.ts';

export function Chart({ block: { title, chart } }: { block: DataVisualization }) {
  return html`<figure class="block chart">
    <figcaption>${title}</figcaption>
    ${chart.type === 'pie' ? html`<${Pie} data=${chart} />` : html`<${Plotted} data=${chart} />`}
    <${Numbers} title=${title} chart=${chart} />
  </figure>`;
}

/** The legend shows the values under the pointer, else the newest. */
function Plotted({ data }: { data: PlotData }) {
  const [at, setAt] = useState<number>();
  const { series, axis_config: axis } = data;
  const shown = Math.min(at ?? axis.categories.length - 1, axis.categories.length - 1);
  return html`<div class="legend" aria-hidden="true">
      ${series.map(({ name, data: points }, index) => {
        return html`<span key=${name}>
          <${Mark} index=${index} /> ${name}
          <strong>${shortNumber(points[shown]?.value ?? 0)}</strong>
        </span>`;
      })}
      <span class="muted">${axis.categories[shown]}${axis.y_label && ` · ${axis.y_label}`}</span>
    </div>
    <${Plot} data=${data} at=${at} setAt=${setAt} />
    ${axis.x_label && html`<div class="axis-label" aria-hidden="true">${axis.x_label}</div>`}`;
}

/** The same numbers for people who do not see the drawing. */
function Numbers({ title, chart }: { title: string; chart: DataVisualization['chart'] }) {
  const columns = chart.type === 'pie' ? ['share'] : chart.series.map(({ name }) => name);
  const rows =
    chart.type === 'pie'
      ? chart.segments.map(({ label, value }) => [label, value])
      : chart.axis_config.categories.map((category, index) => {
          return [category, ...chart.series.map(({ data }) => data[index]?.value ?? '')];
        });
  // A table is as high as its rows whatever a style says, so it hides inside of something else.
  return html`<div class="visually-hidden">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(([head, ...cells]) => {
          return html`<tr>
            <th scope="row">${head}</th>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
