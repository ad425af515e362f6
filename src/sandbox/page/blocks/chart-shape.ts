/** The geometry of charts: scales, paths and slices. Pure. */

export type Frame = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};
export type Scale = {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
};

/** Round steps that enclose all values, zero included: a cut axis would exaggerate. */
export function scaleFor(values: readonly number[], tickCount = 4): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const rough = span / tickCount;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((nice) => nice * magnitude >= rough) ?? 10) * magnitude;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, ticks };
}

export function yOf(value: number, scale: Scale, frame: Frame): number {
  const share = (value - scale.low) / (scale.high - scale.low);
  return frame.top + frame.height * (1 - share);
}

/** The middle of a category's band, so that bars and points stand above their label. */
export function xOf(index: number, count: number, frame: Frame): number {
  return frame.left + (frame.width * (index + 0.5)) / Math.max(1, count);
}

export function linePath(values: readonly number[], scale: Scale, frame: Frame): string {
  return values
    .map((value, index) => {
      const x = xOf(index, values.length, frame).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${yOf(value, scale, frame).toFixed(1)}`;
    })
    .join('');
}

export function areaPath(values: readonly number[], scale: Scale, frame: Frame): string {
  const floor = yOf(0, scale, frame).toFixed(1);
  const first = xOf(0, values.length, frame).toFixed(1);
  const last = xOf(values.length - 1, values.length, frame).toFixed(1);
  return `${linePath(values, scale, frame)}L${last} ${floor}L${first} ${floor}Z`;
}

/** Every label when they fit, else every second, third, … */
export function labelStride(labels: readonly string[], width: number, charPx = 6.5): number {
  const longest = Math.max(1, ...labels.map((label) => label.length));
  const room = width / Math.max(1, labels.length);
  return Math.max(1, Math.ceil((longest * charPx + 10) / room));
}

/** A slice as a path; the whole circle needs two arcs, since one would have no length. */
export function slicePath(from: number, to: number, radius: number): string {
  const point = (turn: number) => {
    const angle = turn * 2 * Math.PI - Math.PI / 2;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const arc = (end: number, isLarge: boolean) => {
    return `A${radius} ${radius} 0 ${isLarge ? 1 : 0} 1 ${point(end)}`;
  };
  if (to - from >= 0.9999) return `M${point(0)}${arc(0.5, false)}${arc(1, false)}Z`;
  return `M0 0L${point(from)}${arc(to, to - from > 0.5)}Z`;
}

/** Up to four significant digits, as people write numbers. */
export function shortNumber(value: number): string {
  if (Math.abs(value) >= 10_000) return `${trimmed(value / 1000)}k`;
  return trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(4)));
}
