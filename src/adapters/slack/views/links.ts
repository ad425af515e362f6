/** Addresses from the configuration and from pipelines, as links that cannot become anything else. */
import { clip, escapeMrkdwn, fromPerson } from '#adapters/words/escape.ts';

const ADDRESS = /^https?:\/\/[^\s<>"]{1,400}$/;

/** Undefined for what is not an ordinary address; a link too long to show is left out. */
export function link(address: string, name: string): string | undefined {
  if (!ADDRESS.test(address)) return undefined;
  const words = clip(fromPerson(name).replaceAll('|', '/'), 60);
  return `<${escapeMrkdwn(address.replaceAll('|', '%7C'))}|${words}>`;
}
