/** Who gets which version: one bar, and the figures of both arms under it. */
import type { DemoArm, DemoState } from '#sandbox/demo-protocol.ts';
import { html } from '../html.ts';
import { count, milliseconds, percent } from './figures.ts';

type SplitProps = { readonly state: DemoState; readonly setRunning: (running: boolean) => void };

export function Split({ state, setRunning }: SplitProps) {
  const { arms, running, requestsPerSecond } = state;
  const { stable, candidate } = arms;
  return html`<section class="strip-part">
    <div class="strip-line">
      <h3>Split</h3>
      <span class="muted">${running ? `${requestsPerSecond.toFixed(0)} requests a second` : 'paused'}</span>
      <button type="button" class="quiet link-like" onClick=${() => setRunning(!running)}>
        ${running ? 'Pause' : 'Resume'}
      </button>
    </div>
    <div class="split" role="img" aria-label=${described(stable, candidate)}>
      <div class="split-stable" style=${{ flexGrow: stable.sharePercent }}></div>
      ${
        candidate &&
        candidate.sharePercent > 0 &&
        html`<div class="split-candidate" style=${{ flexGrow: candidate.sharePercent }}></div>`
      }
    </div>
    <table class="arms">
      <thead>
        <tr>
          <td></td>
          <th scope="col"><span class="arm-mark stable"></span>${stable.version}</th>
          <th scope="col">
            ${candidate ? html`<span class="arm-mark candidate"></span>${candidate.version}` : html`<span class="muted">no candidate</span>`}
          </th>
        </tr>
      </thead>
      <tbody>
        ${row('Traffic', stable, candidate, (arm) => percent(arm.sharePercent))}
        ${row('Requests', stable, candidate, (arm) => count(arm.requests))}
        ${row('Errors', stable, candidate, (arm) => percent(arm.errorPercent))}
        ${row('Slowest 5 %', stable, candidate, (arm) => milliseconds(arm.p95Ms))}
        ${row('Tool failures', stable, candidate, (arm) => percent(arm.toolFailurePercent))}
      </tbody>
    </table>
  </section>`;
}

type Figure = (arm: DemoArm) => string;

function row(name: string, stable: DemoArm, candidate: DemoArm | undefined, figure: Figure) {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${figure(stable)}</td>
    <td>${candidate ? figure(candidate) : ''}</td>
  </tr>`;
}

function described(stable: DemoArm, candidate: DemoArm | undefined): string {
  const rest = candidate ? `, ${percent(candidate.sharePercent)} to ${candidate.version}` : '';
  return `${percent(stable.sharePercent)} of traffic goes to ${stable.version}${rest}`;
}
