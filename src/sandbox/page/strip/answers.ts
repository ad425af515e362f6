/** What a few users' agents are told over OFREP, and which kill switches are on. */
import type { DemoState } from '#sandbox/demo-protocol.ts';
import { classes, html } from '../html.ts';

export function Answers({ state: { ofrep, kills, service } }: { state: DemoState }) {
  return html`<section class="strip-part">
    <div class="strip-line">
      <h3>Answers</h3>
      <code class="muted">${service}.version</code>
    </div>
    ${
      !ofrep.reachable &&
      html`<p class="strip-note">Signalman does not answer; agents keep what they were told last.</p>`
    }
    ${
      ofrep.answers.length === 0
        ? html`<p class="muted small">No agent has asked yet.</p>`
        : html`<ul class="answers">
            ${ofrep.answers.map(({ key, version, arm, isTester, killed }) => {
              return html`<li key=${key}>
                <span class="answer-key">${key}${isTester && html` <span class="muted">tester</span>`}</span>
                ${killed && html`<span class="killed">killed</span>`}
                <span class=${classes('answer', arm)}>${version}</span>
              </li>`;
            })}
          </ul>`
    }
    ${
      kills.length > 0 &&
      html`<p class="kills">
        <strong>Kill switches on:</strong> ${kills.map((name) => html`<code key=${name}>${name}</code> `)}
      </p>`
    }
  </section>`;
}
