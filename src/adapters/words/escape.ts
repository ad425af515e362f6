const CHARACTERS_MAX = 500;

const CONTROL = /\p{Cc}/gu;
/** Marks that turn or hide text, zero-width characters, lone halves of a pair. */
const UNSEEN = /[\p{Cf}\p{Cs}]/gu;
const LINE_BREAKS = /\r\n?|[\u2028\u2029]/g;

/**
 * Text that somebody typed, fit to stand in mrkdwn and in a message's `text`: nothing in it is live,
 * nothing hides or turns what stands beside it, and it is short.
 */
export const fromPerson = (text: string) => escapeMrkdwn(asTyped(text));

/** The same for plain text and rich text, which Slack shows as they were typed. */
export const asTyped = (text: string) => clip(visible(text).trim(), CHARACTERS_MAX);

/** Words of our own that quote others, such as an error of a metrics source: as long as they are. */
export const quoting = (text: string) => escapeMrkdwn(visible(text));

function visible(text: string): string {
  const lines = text.replaceAll(LINE_BREAKS, '\n').split('\n');
  return lines.map((line) => line.replaceAll(CONTROL, ' ').replaceAll(UNSEEN, '')).join('\n');
}

/** The three characters that mrkdwn gives a meaning, the ampersand first; Slack escapes no other. */
export const escapeMrkdwn = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const unescapeMrkdwn = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** A message's mrkdwn as its readers see it, with what was live in it written out. */
export function asRead(mrkdwn: string): string {
  const written = mrkdwn.replaceAll(
    /<([^<>|]*)(?:\|([^<>]*))?>/g,
    (_, token: string, label = '') => {
      if (token.startsWith('@')) return label ? `@${label}` : token;
      if (token.startsWith('#')) return label ? `#${label}` : token;
      if (token.startsWith('!')) return label || `@${token.slice(1)}`;
      return label && label !== token ? `${label} (${token})` : token;
    },
  );
  return unescapeMrkdwn(written);
}

/** Cuts at whole characters, and says that it did. */
export function clip(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const end = text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${end.trimEnd()}…`;
}
