/** Lines, areas and bars over categories, drawn as wide as there is room. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import type { PlotData, Series } from './chart-data.ts';
import {
  areaPath,
  type Frame,
  labelStride,
  linePath,
  type Scale,
  scaleFor,
  shortNumber,
  xOf,
  yOf,
} from './chart-shape.ts';

const HEIGHT_PX = 190;
const DASHES = ['', '6 4', '2 3', '10 4', '8 3 2 3', '1 4'];

type PlotProps = {
  readonly data: PlotData;
  readonly at: number | undefined;
  readonly setAt: (at: number | undefined) => void;
};

export function Plot({ data, at, setAt }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { series, type } = data;
  const { categories } = data.axis_config;
  const scale = scaleFor(series.flatMap(({ data: points }) => points.map(({ value }) => value)));
  const left = 10 + 7 * Math.max(...scale.ticks.map((tick) => shortNumber(tick).length));
  const frame = { left, top: 8, width: width - left - 8, height: HEIGHT_PX - 34 };

  const onMove = (event: PointerEvent) => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - frame.left;
    const index = Math.floor((x / frame.width) * categories.length);
    setAt(Math.max(0, Math.min(categories.length - 1, index)));
  };
  return html`<div
    class="plot"
    ref=${box}
    onPointerMove=${onMove}
    onPointerLeave=${() => setAt(undefined)}
  >
    <svg width=${width} height=${HEIGHT_PX} aria-hidden="true">
      <${Axes} scale=${scale} frame=${frame} categories=${categories} />
      ${
        at !== undefined &&
        html`<line
          class="cursor"
          x1=${xOf(at, categories.length, frame)}
          x2=${xOf(at, categories.length, frame)}
          y1=${frame.top}
          y2=${frame.top + frame.height}
        />`
      }
      ${series.map((one, index) => {
        const look = { one, index, scale, frame };
        if (type === 'bar') return html`<${Bars} key=${one.name} ...${look} of=${series.length} />`;
        return html`<${Curve} key=${one.name} ...${look} filled=${type === 'area'} at=${at} />`;
      })}
    </svg>
  </div>`;
}

type Look = {
  readonly one: Series;
  readonly index: number;
  readonly scale: Scale;
  readonly frame: Frame;
};

function Curve({ one, index, scale, frame, filled, at }: Look & { filled: boolean; at?: number }) {
  const values = one.data.map(({ value }) => value);
  const marked = at ?? values.length - 1;
  return html`<g class="series-${index % 6}">
    ${filled && html`<path class="area" d=${areaPath(values, scale, frame)} />`}
    <path class="curve" d=${linePath(values, scale, frame)} stroke-dasharray=${DASHES[index]} />
    ${values.map((value, point) => {
      if (point !== marked && values.length > 1) return null;
      return html`<circle
        class="point"
        cx=${xOf(point, values.length, frame)}
        cy=${yOf(value, scale, frame)}
        r="3.5"
      />`;
    })}
  </g>`;
}

function Bars({ one, index, scale, frame, of }: Look & { of: number }) {
  const band = frame.width / Math.max(1, one.data.length);
  const thick = Math.min(36, (band * 0.7) / of);
  const floor = yOf(0, scale, frame);
  return html`<g class="series-${index % 6}">
    ${one.data.map(({ value }, point) => {
      const y = yOf(value, scale, frame);
      return html`<rect
        class="bar"
        x=${xOf(point, one.data.length, frame) + (index - of / 2) * thick + 1}
        y=${Math.min(y, floor)}
        width=${Math.max(1, thick - 2)}
        height=${Math.max(1, Math.abs(floor - y))}
        rx="2"
      />`;
    })}
  </g>`;
}

type AxesProps = { scale: Scale; frame: Frame; categories: readonly string[] };

function Axes({ scale, frame, categories }: AxesProps) {
  const stride = labelStride(categories, frame.width);
  return html`<g class="axes">
    ${scale.ticks.map((tick) => {
      const y = yOf(tick, scale, frame);
      return html`<line key=${tick} x1=${frame.left} x2=${frame.left + frame.width} y1=${y} y2=${y} />
        <text class="tick" x=${frame.left - 6} y=${y + 4} text-anchor="end">${shortNumber(tick)}</text>`;
    })}
    ${categories.map((category, index) => {
      if (index % stride !== 0) return null;
      const x = xOf(index, categories.length, frame);
      return html`<text class="tick" key=${category} x=${x} y=${frame.top + frame.height + 18} text-anchor="middle">
        ${category}
      </text>`;
    })}
  </g>`;
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(480);
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(200, Math.floor(entry.contentRect.width)));
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
