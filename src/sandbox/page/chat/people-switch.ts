/** Acting as somebody is one click: releases need two people, and a sandbox has one. */
import { useContext } from 'preact/hooks';
import type { ShownPerson } from '#sandbox/protocol.ts';
import { classes, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { Avatar } from './avatar.ts';

type PeopleSwitchProps = {
  readonly people: readonly ShownPerson[];
  readonly actAs: (id: string) => void;
};

export function PeopleSwitch({ people, actAs }: PeopleSwitchProps) {
  const { me } = useContext(Reader);
  return html`<section class="people" data-tour="people">
    <h2 id="act-as">You act as</h2>
    <ul aria-labelledby="act-as">
      ${people
        .filter(({ playable }) => playable)
        .map((person) => {
          const isMe = person.id === me.id;
          return html`<li key=${person.id}>
            <button
              type="button"
              class=${classes('person-line', isMe && 'me')}
              aria-pressed=${isMe}
              onClick=${() => actAs(person.id)}
            >
              <${Avatar} person=${person} small />
              <span class="person-words">
                <span class="person-name">${person.realName}</span>
                <span class="person-title">${person.title}</span>
              </span>
              ${isMe && html`<span class="you" aria-hidden="true">you</span>`}
            </button>
          </li>`;
        })}
    </ul>
  </section>`;
}
