/** The list of a select: filtered by typing, walked with the arrow keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { classes, html } from '../html.ts';
import type { Choice } from './choices.ts';
import type { usePopup } from './popup.ts';

type ChoicePopupProps = {
  readonly popup: ReturnType<typeof usePopup>;
  readonly label: string;
  readonly chosen: readonly Choice[];
  readonly multi: boolean;
  readonly searchable: boolean;
  readonly search: (typed: string) => Promise<readonly Choice[]>;
  readonly pick: (choice: Choice) => void;
};

export function ChoicePopup(props: ChoicePopupProps) {
  const { popup, label, chosen, multi, searchable } = props;
  const { typed, setTyped, found, at, setAt } = useSearch(props);
  const first = useRef<HTMLInputElement & HTMLDivElement>(null);
  const listId = `${label}-choices`.replace(/\W+/g, '-');
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    if (!popup.open) return;
    first.current?.focus();
  }, [popup.open]);
  useEffect(() => {
    document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKey = (event: KeyboardEvent) => {
    const choice = found[at];
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && choice) props.pick(choice);
    else if (event.key === 'Tab') popup.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const active = found.length > 0 ? optionId(at) : undefined;
  return html`<div class="popup choices" popover="auto" ref=${popup.list} onKeyDown=${onKey}>
    ${
      searchable &&
      html`<input
        ref=${first}
        class="choices-search"
        type="text"
        role="combobox"
        aria-label="Find in ${label}"
        aria-expanded="true"
        aria-controls=${listId}
        aria-activedescendant=${active}
        placeholder="Type to find"
        value=${typed}
        onInput=${(event: Event) => setTyped((event.target as HTMLInputElement).value)}
      />`
    }
    <div
      ref=${searchable ? undefined : first}
      id=${listId}
      class="choices-list"
      role="listbox"
      aria-label=${label}
      aria-multiselectable=${multi}
      aria-activedescendant=${searchable ? undefined : active}
      tabIndex=${searchable ? -1 : 0}
    >
      ${found.map((choice, index) => {
        const isChosen = chosen.some(({ value }) => value === choice.value);
        const heads = choice.group !== undefined && choice.group !== found[index - 1]?.group;
        return html`${heads && html`<div class="choices-group" role="presentation">${choice.group}</div>`}
          <div
            id=${optionId(index)}
            role="option"
            key=${choice.value}
            class=${classes('choice', index === at && 'active')}
            aria-selected=${isChosen}
            onMouseMove=${() => setAt(index)}
            onClick=${() => props.pick(choice)}
          >
            <span class="tick" aria-hidden="true">${isChosen ? '✓' : ''}</span>
            <span class="choice-words">
              ${choice.words}
              ${choice.detail && html`<span class="muted">${choice.detail}</span>`}
            </span>
          </div>`;
      })}
      ${found.length === 0 && html`<div class="choices-empty">Nothing found</div>`}
    </div>
  </div>`;
}

/** An answer to an earlier letter that arrives late must not replace a newer one. */
function useSearch({ popup, search, chosen }: ChoicePopupProps) {
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<readonly Choice[]>([]);
  const [at, setAt] = useState(0);
  useEffect(() => {
    if (!popup.open) {
      setTyped('');
      return;
    }
    let outdated = false;
    search(typed).then((choices) => {
      if (outdated) return;
      setFound(choices);
      const isChosen = ({ value }: Choice) => chosen.some((one) => one.value === value);
      setAt(Math.max(0, typed ? 0 : choices.findIndex(isChosen)));
    });
    return () => {
      outdated = true;
    };
  }, [popup.open, typed]);
  return { typed, setTyped, found, at, setAt };
}
