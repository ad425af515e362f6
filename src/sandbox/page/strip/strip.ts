/** Beside the chat: what the agents do right now, and how to make trouble. */
import type { DemoState } from '#sandbox/demo-protocol.ts';
import { html } from '../html.ts';
import type { Demo } from '../state/use-demo.ts';
import { Answers } from './answers.ts';
import { Bot } from './bot.ts';
import { ErrorLines } from './error-lines.ts';
import { Faults } from './faults.ts';
import { Split } from './split.ts';

type StripProps = { readonly demo: Demo; readonly close: () => void };

export function Strip({ demo, close }: StripProps) {
  const { state } = demo;
  return html`<aside class="pane strip" aria-label="Live traffic">
    <header class="pane-head">
      <button type="button" class="icon-button back" aria-label="Back to the channel" onClick=${close}>‹</button>
      <div class="pane-title">
        <h2>Live traffic</h2>
        <p class="muted topic">${state ? `${state.service}, simulated agents` : 'Simulated agents'}</p>
      </div>
      <button type="button" class="icon-button close" aria-label="Hide live traffic" onClick=${close}>✕</button>
    </header>
    <div class="strip-body" tabIndex="0" role="region" aria-label="Live figures and faults">
      ${state ? html`<${Live} state=${state} demo=${demo} />` : html`<${Absent} isKnown=${state === null} />`}
    </div>
  </aside>`;
}

function Live({ state, demo }: { state: DemoState; demo: Demo }) {
  return html`<${Split} state=${state} setRunning=${(running: boolean) => demo.change({ running })} />
    <${ErrorLines} state=${state} />
    <${Answers} state=${state} />
    <${Faults} faults=${state.faults} hasCandidate=${state.arms.candidate !== undefined} change=${demo.change} />
    <${Bot} bot=${state.bot} act=${demo.actOnBot} />`;
}

function Absent({ isKnown }: { isKnown: boolean }) {
  return html`<p class="muted empty">
    ${
      isKnown
        ? 'This sandbox runs without the demo service, so there is no traffic to show.'
        : 'Looking for the demo service…'
    }
  </p>`;
}
