/** An overflow menu. */
import type { Overflow as OverflowElement } from '@slack/types';
import { html } from '../html.ts';
import { isSafeUrl } from '../text/mrkdwn.ts';
import { plainText } from '../text/text-object.ts';
import { Menu } from './menu.ts';
import { useActing } from './surface.ts';

export function Overflow(props: { element: OverflowElement; blockId: string }) {
  const { element, blockId } = props;
  const { click } = useActing({ blockId, actionId: element.action_id ?? '' }, element.confirm);
  const items = element.options.map((option, index) => ({
    id: option.value ?? String(index),
    words: plainText(option.text),
    detail: option.description && plainText(option.description),
    choose: () => {
      if (option.url && isSafeUrl(option.url)) window.open(option.url, '_blank', 'noopener');
      click(option.value ?? '');
    },
  }));
  return html`<${Menu} label="More actions" items=${items} look="overflow">⋯</${Menu}>`;
}
