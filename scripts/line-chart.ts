/** Small SVG line charts that read the same on light and dark pages. */

export type Series = {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isDots?: boolean;
};

export type Chart = {
  readonly title: string;
  readonly about: string;
  readonly x: { readonly label: string; readonly from: number; readonly to: number };
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly {
    readonly y: number;
    readonly text: string;
    readonly colour: string;
  }[];
  readonly verticals?: readonly { readonly x: number; readonly text: string }[];
};

type Axis = {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly (readonly [y: number, text: string])[];
};

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 70;
const RIGHT = 150;
const TOP = 46;
const BOTTOM = 48;
const INK = '#3c4043';
const GRID = '#dfe3e8';

export function drawChart(chart: Chart): string {
  const { x, y } = chart;
  const across = (value: number) =>
    LEFT + ((value - x.from) / (x.to - x.from)) * (WIDTH - LEFT - RIGHT);
  const upwards = (value: number) => {
    const kept = Math.min(Math.max(value, y.from), y.to);
    return HEIGHT - BOTTOM - ((kept - y.from) / (y.to - y.from)) * (HEIGHT - TOP - BOTTOM);
  };
  const place = { across, upwards };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escaped(chart.title)}</title><desc>${escaped(chart.about)}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>`,
    text(LEFT, 26, chart.title, 'font-size="15" font-weight="600"'),
    ...axes(chart, place),
    ...(chart.verticals ?? []).flatMap((one) => vertical(one, place)),
    ...(chart.marks ?? []).flatMap((one) => mark(one, place)),
    ...chart.series.map((one) => (one.isDots ? dots(one, place) : line(one, place))),
    ...legend(chart),
    '</svg>\n',
  ].join('\n');
}

type Place = {
  readonly across: (value: number) => number;
  readonly upwards: (value: number) => number;
};

function axes({ x, y }: Chart, { across, upwards }: Place): string[] {
  const rows = y.ticks.flatMap(([value, label]) => [
    rule(LEFT, upwards(value), WIDTH - RIGHT, upwards(value), GRID),
    text(LEFT - 8, upwards(value) + 4, label, 'text-anchor="end"'),
  ]);
  const step = (x.to - x.from) / 6;
  const columns = Array.from({ length: 7 }, (_, index) => {
    const value = x.from + index * step;
    return text(across(value), HEIGHT - BOTTOM + 18, String(value), 'text-anchor="middle"');
  });
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return [
    ...rows,
    ...columns,
    text(middle, HEIGHT - 10, x.label, 'text-anchor="middle"'),
    text(16, HEIGHT / 2, y.label, `text-anchor="middle" transform="rotate(-90 16 ${HEIGHT / 2})"`),
  ];
}

type Mark = NonNullable<Chart['marks']>[number];

const mark = ({ y, text: label, colour }: Mark, { upwards }: Place) => [
  rule(LEFT, upwards(y), WIDTH - RIGHT, upwards(y), colour, 'stroke-dasharray="6 4"'),
  text(WIDTH - RIGHT + 8, upwards(y) + 4, label, `fill="${colour}"`),
];

const vertical = (one: { x: number; text: string }, { across }: Place) => [
  rule(across(one.x), TOP, across(one.x), HEIGHT - BOTTOM, GRID),
  text(across(one.x) + 4, TOP + 10, one.text, 'font-size="10"'),
];

function line({ colour, points }: Series, { across, upwards }: Place): string {
  const path = points.map(([x, y]) => `${across(x).toFixed(1)},${upwards(y).toFixed(1)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`;
}

const dots = ({ colour, points }: Series, { across, upwards }: Place) =>
  points
    .map(([x, y]) => {
      const [left, top] = [across(x).toFixed(1), upwards(y).toFixed(1)];
      return `<circle cx="${left}" cy="${top}" r="3" fill="${colour}"/>`;
    })
    .join('');

function legend({ series }: Chart): string[] {
  return series.flatMap(({ name, colour }, index) => {
    const top = HEIGHT - BOTTOM - 14 * (series.length - index);
    return [
      `<rect x="${WIDTH - RIGHT + 8}" y="${top - 8}" width="10" height="10" rx="2" fill="${colour}"/>`,
      text(WIDTH - RIGHT + 24, top + 1, name),
    ];
  });
}

const rule = (x1: number, y1: number, x2: number, y2: number, colour: string, more = '') =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" ${more}/>`;

const text = (x: number, y: number, words: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(words)}</text>`;

const escaped = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
