/** Dates and times, by the browser's own pickers. */
import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import type { ElementState } from '#sandbox/protocol.ts';
import { html } from '../html.ts';
import { plainText } from '../text/text-object.ts';
import type { Setting } from './surface.ts';
import { useValue } from './value.ts';

type MomentElement = Datepicker | Timepicker | DateTimepicker;

const INPUT_TYPES = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
} as const;

export function Moment({ element, ...setting }: Setting & { element: MomentElement }) {
  const { state, choose } = useValue<ElementState>(element, setting, initial(element));
  const label = setting.label ?? ('placeholder' in element ? plainText(element.placeholder) : '');
  return html`<input
    type=${INPUT_TYPES[element.type]}
    id=${setting.inputId}
    class="text-input moment"
    aria-label=${setting.inputId ? undefined : label || 'Date'}
    aria-invalid=${setting.invalid}
    aria-describedby=${setting.describedBy || undefined}
    value=${typedFrom(state)}
    onChange=${(event: Event) => {
      choose(readTyped(element.type, (event.target as HTMLInputElement).value));
    }}
  />`;
}

function initial(element: MomentElement): ElementState {
  switch (element.type) {
    case 'datepicker':
      return { type: element.type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type: element.type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type: element.type, selected_date_time: element.initial_date_time ?? null };
  }
}

function readTyped(type: MomentElement['type'], typed: string): ElementState {
  if (type === 'datepicker') return { type, selected_date: typed || null };
  if (type === 'timepicker') return { type, selected_time: typed || null };
  const seconds = Math.floor(new Date(typed).getTime() / 1000);
  return { type, selected_date_time: Number.isFinite(seconds) ? seconds : null };
}

function typedFrom(state: ElementState): string {
  if ('selected_date' in state) return state.selected_date ?? '';
  if ('selected_time' in state) return state.selected_time ?? '';
  if (!('selected_date_time' in state) || state.selected_date_time === null) return '';
  const date = new Date(state.selected_date_time * 1000);
  // The input speaks local time without a zone, which ISO text does only after this shift.
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
