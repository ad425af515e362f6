/** Who it is, at a glance: initials on a colour of their own, and a signal for the app. */
import type { ShownPerson } from '#sandbox/protocol.ts';
import { classes, html } from '../html.ts';

const HUES = 8;

export function Avatar({ person, small }: { person: ShownPerson; small?: boolean }) {
  const isApp = person.kind === 'bot';
  const look = classes('avatar', small && 'small', isApp ? 'app' : `hue-${hueOf(person.id)}`);
  return html`<span class=${look} aria-hidden="true">
    ${isApp ? html`<${Signal} />` : initials(person.realName)}
  </span>`;
}

/** A semaphore arm: the sign of the house. */
export function Signal() {
  return html`<svg viewBox="0 0 24 24" width="60%" height="60%" aria-hidden="true">
    <path d="M7 3v18M4.5 21h5" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
    <path d="M7 5.2 20 2.6v5.2L7 10.4z" fill="currentColor" />
    <circle cx="7" cy="14.6" r="1.9" fill="currentColor" />
  </svg>`;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const [first = '?'] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toUpperCase();
}

function hueOf(id: string): number {
  return [...id].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7) % HUES;
}
