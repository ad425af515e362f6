/** A select of any kind: a control that shows what is chosen, and a list to choose from. */
import { useContext, useState } from 'preact/hooks';
import { classes, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { plainText } from '../text/text-object.ts';
import { ChoicePopup } from './choice-popup.ts';
import {
  type AnySelect,
  asChoice,
  type Choice,
  choicesOf,
  initialChoices,
  stateOf,
} from './choices.ts';
import { usePopup } from './popup.ts';
import type { Setting } from './surface.ts';
import { useValue } from './value.ts';

export function Select({ element, ...setting }: Setting & { element: AnySelect }) {
  const reader = useContext(Reader);
  const choices = choicesOf(element, reader);
  const [chosen, setChosen] = useState<readonly Choice[]>(() => initialChoices(element, choices));
  const { acting, choose } = useValue(element, setting, stateOf(element.type, chosen));
  const popup = usePopup();
  const isMulti = element.type.startsWith('multi_');
  const isExternal = element.type.includes('external');
  const most = isMulti && 'max_selected_items' in element ? element.max_selected_items : undefined;
  const placeholder = plainText(element.placeholder) || (isMulti ? 'Choose some' : 'Choose one');

  const pick = (choice: Choice) => {
    const isChosen = chosen.some(({ value }) => value === choice.value);
    const others = chosen.filter(({ value }) => value !== choice.value);
    const next = isMulti ? (isChosen ? others : [...chosen, choice]) : [choice];
    if (most !== undefined && next.length > most) return;
    setChosen(next);
    choose(stateOf(element.type, next));
    if (!isMulti) popup.hide();
  };
  const load = async (typed: string) => {
    const least = 'min_query_length' in element ? (element.min_query_length ?? 3) : 0;
    if (typed.length < least) return [];
    return (await acting.options(typed)).map((option) => asChoice(option));
  };
  return html`<div class=${classes('select', setting.invalid && 'invalid')}>
    <button
      type="button"
      id=${setting.inputId}
      ref=${popup.control}
      class=${classes('select-control', acting.busy && 'busy')}
      aria-haspopup="listbox"
      aria-expanded=${popup.open}
      aria-label=${controlLabel(setting.label, words(chosen) || placeholder)}
      aria-invalid=${setting.invalid}
      aria-describedby=${setting.describedBy || undefined}
      onClick=${popup.open ? popup.hide : popup.show}
    >
      ${
        chosen.length === 0
          ? html`<span class="placeholder">${placeholder}</span>`
          : chosen.map((one) => {
              return html`<span class=${isMulti ? 'chip' : 'chosen'} key=${one.value}>${one.words}</span>`;
            })
      }
    </button>
    <${ChoicePopup}
      popup=${popup}
      label=${setting.label ?? placeholder}
      chosen=${chosen}
      multi=${isMulti}
      searchable=${isExternal || choices.length > 5}
      choices=${choices}
      load=${isExternal ? load : undefined}
      pick=${pick}
    />
  </div>`;
}

const words = (chosen: readonly Choice[]) => chosen.map((choice) => choice.words).join(', ');

/** The label stands first, so that what is chosen is read as its value. */
function controlLabel(label: string | undefined, shown: string): string {
  return label && label !== shown ? `${label}: ${shown}` : shown;
}
