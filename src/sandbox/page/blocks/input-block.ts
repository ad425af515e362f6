/** A label, one input, a hint, and what is wrong with it. */
import type { InputBlock as Input } from '@slack/types';
import { useContext } from 'preact/hooks';
import { classes, html } from '../html.ts';
import { plainText } from '../text/text-object.ts';
import { Element } from './element.ts';
import { SurfaceContext } from './surface.ts';

export function InputBlock({ block, blockId }: { block: Input; blockId: string }) {
  const { errors } = useContext(SurfaceContext);
  const error = errors[blockId];
  const { label, hint, element, optional, dispatch_action: dispatches } = block;
  const id = `input-${blockId}`;
  const isGroup = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const words = html`${plainText(label)}${optional && html` <span class="muted">(optional)</span>`}`;
  return html`<div class=${classes('block', 'input', error && 'has-error')} data-block-id=${blockId}>
    ${
      isGroup
        ? html`<div class="label" id="${id}-label">${words}</div>`
        : html`<label class="label" id="${id}-label" for=${id}>${words}</label>`
    }
    <${Element}
      element=${element}
      blockId=${blockId}
      inputId=${id}
      label=${plainText(label)}
      quiet=${!dispatches}
      invalid=${Boolean(error)}
      describedBy=${classes(error && `${id}-error`, hint && `${id}-hint`)}
    />
    ${error && html`<p class="error" id="${id}-error" role="alert">${error}</p>`}
    ${hint && html`<p class="hint" id="${id}-hint">${plainText(hint)}</p>`}
  </div>`;
}
