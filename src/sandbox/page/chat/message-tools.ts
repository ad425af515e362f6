/** What can be done with a message: answer in its thread, or one of the app's shortcuts. */
import { useContext } from 'preact/hooks';
import type { ShortcutHint, ShownMessage } from '#sandbox/protocol.ts';
import { Menu } from '../blocks/menu.ts';
import { html } from '../html.ts';
import { sendShortcut } from '../state/connection.ts';
import { Reader } from '../state/reader.ts';

type MessageToolsProps = {
  readonly message: ShownMessage;
  readonly shortcuts: readonly ShortcutHint[];
  readonly openThread?: (ts: string) => void;
};

export function MessageTools({ message, shortcuts, openThread }: MessageToolsProps) {
  const { me } = useContext(Reader);
  const { channel, ts, ephemeral } = message;
  if (ephemeral) return null;
  const items = shortcuts.map(({ callbackId, name, description }) => ({
    id: callbackId,
    words: name,
    detail: description,
    choose: () => sendShortcut({ as: me.id, callbackId, message: { channel, ts } }),
  }));
  if (!openThread && items.length === 0) return null;
  return html`<div class="tools">
    ${
      openThread &&
      html`<button
        type="button"
        class="icon-button"
        aria-label="Reply in thread"
        title="Reply in thread"
        onClick=${() => openThread(message.threadTs ?? ts)}
      >
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <path
            d="M4 5h16v11h-9l-5 4v-4H4z"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linejoin="round"
          />
        </svg>
      </button>`
    }
    ${items.length > 0 && html`<${Menu} label="Message shortcuts" items=${items}>⋮</${Menu}>`}
  </div>`;
}
