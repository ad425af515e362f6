/** The list of a select: filtered by typing, walked with the arrow keys. */
import { useEffect, useState } from 'preact/hooks';
import { classes, html } from '../html.ts';
import type { Choice } from './choices.ts';
import type { usePopup } from './popup.ts';

type ChoicePopupProps = {
  readonly popup: ReturnType<typeof usePopup>;
  readonly label: string;
  readonly chosen: readonly Choice[];
  readonly multi: boolean;
  readonly searchable: boolean;
  readonly choices: readonly Choice[];
  /** Asks the app, where it has the choices. */
  readonly load?: ((typed: string) => Promise<readonly Choice[]>) | undefined;
  readonly pick: (choice: Choice) => void;
};

export function ChoicePopup(props: ChoicePopupProps) {
  const { popup, label, chosen, multi, searchable } = props;
  const { typed, onInput, found, at, setAt } = useSearch(props);
  const listId = `${label}-choices`.replace(/\W+/g, '-');
  const optionId = (index: number) => `${listId}-${index}`;

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
        autofocus
        class="choices-search"
        type="text"
        role="combobox"
        aria-label="Find in ${label}"
        aria-expanded="true"
        aria-controls=${listId}
        aria-activedescendant=${active}
        placeholder="Type to find"
        value=${typed}
        onInput=${onInput}
      />`
    }
    <div
      autofocus=${!searchable}
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

/** The list is there at once, so that a quick key meets it; only the app's options take time. */
function useSearch({ popup, choices, load, chosen }: ChoicePopupProps) {
  const [typed, setTyped] = useState('');
  const [loaded, setLoaded] = useState<readonly Choice[]>([]);
  const [movedTo, setAt] = useState<number>();
  const found = load ? loaded : choices.filter((choice) => fits(choice, typed));
  const chosenAt = found.findIndex(({ value }) => chosen.some((one) => one.value === value));
  const at = Math.min(movedTo ?? Math.max(0, chosenAt), Math.max(0, found.length - 1));

  useEffect(() => {
    if (popup.open) return;
    setTyped('');
    setAt(undefined);
  }, [popup.open]);
  useEffect(() => {
    if (!load || !popup.open) return;
    // An answer to an earlier letter that arrives late must not replace a newer one.
    let isOutdated = false;
    load(typed).then((options) => {
      if (!isOutdated) setLoaded(options);
    });
    return () => {
      isOutdated = true;
    };
  }, [popup.open, typed]);

  const onInput = (event: Event) => {
    setTyped((event.target as HTMLInputElement).value);
    setAt(0);
  };
  return { typed, onInput, found, at, setAt };
}

function fits({ words, detail = '' }: Choice, typed: string): boolean {
  return `${words} ${detail}`.toLowerCase().includes(typed.trim().toLowerCase());
}
