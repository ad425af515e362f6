/** The bot's own process: is it there, and what if it were not. */
import type { BotAct, DemoState } from '#sandbox/demo-protocol.ts';
import { classes, html } from '../html.ts';

type BotProps = { readonly bot: DemoState['bot']; readonly act: (act: BotAct) => void };

export function Bot({ bot, act }: BotProps) {
  const { running, pid, restarts } = bot;
  return html`<section class="strip-part">
    <h3>Signalman’s process</h3>
    <div class="strip-line">
      <span class=${classes('lamp', running ? 'lit' : 'dark')} aria-hidden="true"></span>
      <span class="bot-words">
        ${running ? `Running${pid ? `, process ${pid}` : ''}` : 'Not running'}
        <span class="muted small">${restarted(restarts)}</span>
      </span>
      ${
        running
          ? html`<button type="button" class="button danger slim" onClick=${() => act({ bot: 'kill' })}>kill -9</button>`
          : html`<button type="button" class="button primary slim" onClick=${() => act({ bot: 'start' })}>Start</button>`
      }
    </div>
  </section>`;
}

function restarted(restarts: number): string {
  if (restarts === 0) return 'never restarted';
  return restarts === 1 ? 'restarted once' : `restarted ${restarts} times`;
}
