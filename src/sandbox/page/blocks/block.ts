/** Draws one block. The stand-in has validated it, so its type says what its fields are. */
import type { KnownBlock } from '@slack/types';
import type { ShownBlock } from '#sandbox/protocol.ts';
import { html } from '../html.ts';
import { Mrkdwn } from '../text/mrkdwn-view.ts';
import { plainText, TextLine, TextObject } from '../text/text-object.ts';
import { Chart } from './chart.ts';
import type { DataVisualization } from './chart-data.ts';
import { Container, childBlocks } from './container.ts';
import { Element } from './element.ts';
import { InputBlock } from './input-block.ts';
import { Picture } from './picture.ts';
import { RichText } from './rich-text.ts';
import { DataTable, Table } from './table.ts';

type Drawable = (KnownBlock | DataVisualization) & { readonly block_id: string };

export function Blocks({ blocks }: { blocks: readonly ShownBlock[] }) {
  return html`<div class="blocks">
    ${blocks.map((block) => html`<${Block} key=${block.block_id} block=${block} />`)}
  </div>`;
}

export function Block(props: { block: ShownBlock }) {
  // The one cast: @slack/types describes what the stand-in let through.
  const block = props.block as unknown as Drawable;
  const blockId = block.block_id;
  switch (block.type) {
    case 'section':
      return html`<${Section} block=${block} />`;
    case 'header':
      return html`<h3 class="block header">${plainText(block.text)}</h3>`;
    case 'divider':
      return html`<hr class="block divider" />`;
    case 'context':
      return html`<${Context} block=${block} />`;
    case 'actions':
      return html`<div class="block actions">
        ${block.elements.map((element) => {
          return html`<${Element} key=${element.action_id} element=${element} blockId=${blockId} />`;
        })}
      </div>`;
    case 'input':
      return html`<${InputBlock} block=${block} blockId=${blockId} />`;
    case 'image':
      return html`<${Picture} ...${block} />`;
    case 'rich_text':
      return html`<${RichText} block=${block} />`;
    case 'table':
      return html`<${Table} block=${block} />`;
    case 'data_table':
      return html`<${DataTable} block=${block} />`;
    case 'data_visualization':
      return html`<${Chart} block=${block} />`;
    case 'container':
      return html`<${Container} block=${block}>
        <${Blocks} blocks=${childBlocks(block, blockId)} />
      </${Container}>`;
    case 'alert':
      return html`<div class="block alert ${block.level ?? 'default'}" role="note">
        <${TextObject} text=${block.text} />
      </div>`;
    case 'markdown':
      return html`<div class="block"><${Mrkdwn} text=${block.text} /></div>`;
    default:
      return html`<p class="block undrawn">
        A block of type <code>${block.type}</code>, which this page does not draw.
      </p>`;
  }
}

function Section({ block }: { block: Extract<Drawable, { type: 'section' }> }) {
  const { text, fields, accessory, block_id: blockId } = block;
  return html`<div class="block section ${accessory ? 'with-accessory' : ''}">
    <div class="section-text">
      ${text && html`<${TextObject} text=${text} />`}
      ${
        fields &&
        html`<div class="fields">
          ${fields.map((field, index) => {
            return html`<div class="field" key=${index}><${TextObject} text=${field} /></div>`;
          })}
        </div>`
      }
    </div>
    ${
      accessory &&
      html`<div class="accessory">
        <${Element} element=${accessory} blockId=${blockId} label=${text?.text} />
      </div>`
    }
  </div>`;
}

function Context({ block }: { block: Extract<Drawable, { type: 'context' }> }) {
  return html`<div class="block context">
    ${block.elements.map((element, index) => {
      if (element.type === 'image') return html`<${Picture} key=${index} ...${element} small />`;
      return html`<${TextLine} key=${index} text=${element} />`;
    })}
  </div>`;
}
