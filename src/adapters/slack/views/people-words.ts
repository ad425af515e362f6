import { link } from '#adapters/slack/views/links.ts';
import { clip, fromPerson } from '#adapters/words/escape.ts';
import type { People, ServiceSettings } from '#domain/settings.ts';

const NAMED_MAX = 5;
const GROUP = /^S[A-Z0-9]+$/;
const USER = /^[UW][A-Z0-9]+$/;

/** The approvers, as Slack names them; undefined when the configuration names none. */
export const approversInWords = ({ approvers }: People) => peopleInWords(approvers);

export function peopleInWords(ids: readonly string[]): string | undefined {
  const named = ids.filter((id) => GROUP.test(id) || USER.test(id)).map(mention);
  if (named.length === 0) return undefined;
  const more = named.length - NAMED_MAX;
  const shown = named.slice(0, NAMED_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const mention = (id: string) => (GROUP.test(id) ? `<!subteam^${id}>` : `<@${id}>`);

const LINKS_MAX = 6;
const CONTACT_CHARACTERS_MAX = 80;

/** Where to look and whom to ask, as the configuration says. */
export function whereToLook({ links, contact }: Pick<ServiceSettings, 'links' | 'contact'>) {
  const shown = Object.entries(links)
    .map(([name, address]) => link(address, name))
    .filter((found) => found !== undefined)
    .slice(0, LINKS_MAX);
  return [...shown, ...(contact ? [`contact: ${contactWords(contact)}`] : [])].join(' · ');
}

const contactWords = (contact: string) =>
  GROUP.test(contact) || USER.test(contact)
    ? mention(contact)
    : fromPerson(clip(contact, CONTACT_CHARACTERS_MAX));
