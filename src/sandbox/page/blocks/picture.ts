/** Images of this machine only: the page promises to ask nobody else for anything. */
import type { PlainTextElement } from '@slack/types';
import { html } from '../html.ts';
import { Link } from '../text/mrkdwn-view.ts';
import { plainText } from '../text/text-object.ts';

type PictureProps = {
  readonly alt_text: string;
  readonly image_url?: string;
  readonly title?: PlainTextElement;
  readonly small?: boolean;
};

export function Picture({ alt_text: alt, image_url: url = '', title, small }: PictureProps) {
  if (small) {
    if (isLocal(url)) return html`<img class="small-picture" src=${url} alt=${alt} />`;
    return html`<span class="small-picture absent" role="img" aria-label=${alt} title=${alt}></span>`;
  }
  return html`<figure class="block picture">
    ${title && html`<figcaption>${plainText(title)}</figcaption>`}
    ${
      isLocal(url)
        ? html`<img src=${url} alt=${alt} loading="lazy" />`
        : html`<div class="picture-absent">
            <span>${alt || 'An image'}</span>
            <${Link} url=${url} label="open the image" />
          </div>`
    }
  </figure>`;
}

function isLocal(url: string): boolean {
  return url.startsWith('data:image/') || URL.parse(url)?.origin === location.origin;
}
