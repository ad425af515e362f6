/** A button that tells the app, and says that it is being told. */
import type { Button } from '@slack/types';
import { classes, html } from '../html.ts';
import { isSafeUrl } from '../text/mrkdwn.ts';
import { plainText } from '../text/text-object.ts';
import { useActing } from './surface.ts';

export function ActionButton({ element, blockId }: { element: Button; blockId: string }) {
  const source = { blockId, actionId: element.action_id ?? '' };
  const { busy, click } = useActing(source, element.confirm);
  const look = classes('button', element.style, busy && 'busy');
  const words = html`<span class="button-words">${plainText(element.text)}</span>`;
  if (element.url && isSafeUrl(element.url)) {
    return html`<a
      class=${look}
      href=${element.url}
      target="_blank"
      rel="noreferrer noopener"
      aria-label=${element.accessibility_label}
      onClick=${() => click()}
      >${words}</a
    >`;
  }
  return html`<button
    type="button"
    class=${look}
    aria-label=${element.accessibility_label}
    aria-busy=${busy}
    onClick=${() => !busy && click()}
  >
    ${words}
  </button>`;
}
