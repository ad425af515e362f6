/** Checkboxes and radio buttons. */
import type { Checkboxes, Option, RadioButtons } from '@slack/types';
import { useId } from 'preact/hooks';
import type { ElementState } from '#sandbox/protocol.ts';
import { html } from '../html.ts';
import { TextLine } from '../text/text-object.ts';
import type { Setting } from './surface.ts';
import { useValue } from './value.ts';

type Chosen = Extract<ElementState, { type: 'checkboxes' | 'radio_buttons' }> | ElementState;

export function ChoiceList(props: Setting & { element: Checkboxes | RadioButtons }) {
  const { element, ...setting } = props;
  const isMulti = element.type === 'checkboxes';
  const name = useId();
  const { state, choose } = useValue<Chosen>(
    element,
    setting,
    stateFrom(element.type, initial(element)),
  );
  const chosen = chosenIn(state);

  const toggle = (option: Option) => {
    const others = element.options.filter(({ value }) => {
      if (value === option.value) return !chosen.includes(value ?? '');
      return isMulti && chosen.includes(value ?? '');
    });
    choose(stateFrom(element.type, isMulti ? others : [option]));
  };
  return html`<div
    class="choice-list"
    role=${isMulti ? 'group' : 'radiogroup'}
    aria-label=${setting.label}
    aria-describedby=${setting.describedBy || undefined}
  >
    ${element.options.map((option) => {
      return html`<label class="choice-line" key=${option.value}>
        <input
          type=${isMulti ? 'checkbox' : 'radio'}
          name=${name}
          checked=${chosen.includes(option.value ?? '')}
          aria-invalid=${setting.invalid}
          onChange=${() => toggle(option)}
        />
        <span>
          <${TextLine} text=${option.text} />
          ${
            option.description &&
            html`<span class="muted"><${TextLine} text=${option.description} /></span>`
          }
        </span>
      </label>`;
    })}
  </div>`;
}

function initial(element: Checkboxes | RadioButtons): Option[] {
  if (element.type === 'checkboxes') return element.initial_options ?? [];
  return element.initial_option ? [element.initial_option] : [];
}

function stateFrom(type: 'checkboxes' | 'radio_buttons', options: readonly Option[]): Chosen {
  const kept = options.map((option) => ({ ...option, value: option.value ?? '' }));
  if (type === 'checkboxes') return { type, selected_options: kept };
  return { type, selected_option: kept[0] ?? null };
}

function chosenIn(state: Chosen): readonly string[] {
  if ('selected_options' in state) return state.selected_options.map(({ value }) => value);
  if ('selected_option' in state) return state.selected_option ? [state.selected_option.value] : [];
  return [];
}
