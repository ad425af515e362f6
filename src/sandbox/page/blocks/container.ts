/** A titled group of blocks, perhaps folded. */
import type { ContainerBlock } from '@slack/types';
import type { ShownBlock } from '#sandbox/protocol.ts';
import { type Children, html } from '../html.ts';
import { plainText, TextLine } from '../text/text-object.ts';
import { RichText } from './rich-text.ts';

export function Container({ block, children }: { block: ContainerBlock; children: Children }) {
  const heading = html`<span class="container-title">
    ${
      block.rich_text_title
        ? html`<${RichText} block=${block.rich_text_title} />`
        : plainText(block.title)
    }
    ${block.subtitle && html`<span class="muted"><${TextLine} text=${block.subtitle} /></span>`}
  </span>`;
  if (!block.is_collapsible) {
    return html`<div class="block container">${heading}${children}</div>`;
  }
  return html`<details class="block container" open=${!block.default_collapsed}>
    <summary>${heading}</summary>
    ${children}
  </details>`;
}

export function childBlocks(block: ContainerBlock, blockId: string): ShownBlock[] {
  return block.child_blocks.map((child, index) => {
    return { ...child, block_id: child.block_id ?? `${blockId}.${index}` } as unknown as ShownBlock;
  });
}
