/** On a phone the rail is a pane of its own; who one is stands on the way to it, and is changed there. */
import { useContext } from 'preact/hooks';
import { html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { Avatar } from './avatar.ts';

export function ToRail({ go }: { go: () => void }) {
  const { me } = useContext(Reader);
  return html`<button
    type="button"
    class="icon-button back to-rail"
    aria-label="Back to the channels, Home and people"
    onClick=${go}
  >
    ‹ <${Avatar} person=${me} small />
  </button>`;
}
