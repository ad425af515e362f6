/** Error rates of both arms over the last minutes, and the candidate's share behind them. */
import type { DemoPoint, DemoState } from '#sandbox/demo-protocol.ts';
import { type Frame, scaleFor, yOf } from '../blocks/chart-shape.ts';
import { html } from '../html.ts';
import { percent } from './figures.ts';

const WIDTH = 300;
const HEIGHT = 96;
const FRAME: Frame = { left: 0, top: 6, width: WIDTH, height: HEIGHT - 12 };
/** A quiet service would otherwise look wild: one error in a hundred filling the whole chart. */
const PERCENT_LEAST = 5;

export function ErrorLines({ state: { history, arms } }: { state: DemoState }) {
  const stable = history.map(({ stableErrorPercent }) => stableErrorPercent);
  const candidate = history.map(({ candidateErrorPercent }) => candidateErrorPercent);
  const scale = scaleFor([PERCENT_LEAST, ...stable, ...candidate].map((value) => value ?? 0));
  const words = `Error rate now: ${percent(arms.stable.errorPercent)} stable${
    arms.candidate ? `, ${percent(arms.candidate.errorPercent)} candidate` : ''
  }`;
  return html`<section class="strip-part">
    <div class="strip-line">
      <h3>Errors</h3>
      <span class="muted">${lasting(history)}</span>
    </div>
    ${
      history.length < 2
        ? html`<p class="muted small">The first points arrive in a few seconds.</p>`
        : html`<svg class="error-lines" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${words}>
            ${[scale.low, scale.high].map((tick) => {
              const y = yOf(tick, scale, FRAME);
              return html`<line class="grid" key=${tick} x1="0" x2=${WIDTH} y1=${y} y2=${y} />`;
            })}
            <text class="tick" x="2" y=${FRAME.top + 12}>${percent(scale.high)}</text>
            <path class="arm-line stable" d=${brokenPath(stable, scale)} />
            <path class="arm-line candidate" d=${brokenPath(candidate, scale)} />
          </svg>`
    }
  </section>`;
}

function lasting(history: readonly DemoPoint[]): string {
  const [first] = history;
  const last = history.at(-1);
  if (!first || !last) return '';
  const seconds = Math.round((last.atMs - first.atMs) / 1000);
  return seconds < 90 ? `last ${seconds} seconds` : `last ${Math.round(seconds / 60)} minutes`;
}

/** Where nothing was measured the line has a gap, since zero would be a claim. */
function brokenPath(
  values: readonly (number | null)[],
  scale: ReturnType<typeof scaleFor>,
): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  let path = '';
  let isDown = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isDown = false;
      continue;
    }
    const at = `${(index * step).toFixed(1)} ${yOf(value, scale, FRAME).toFixed(1)}`;
    // A line of no length gives a point between two gaps its round cap.
    path += isDown ? `L${at}` : `M${at}h0`;
    isDown = true;
  }
  return path;
}
