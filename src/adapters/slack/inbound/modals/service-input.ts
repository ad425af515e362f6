import type { InputBlock } from '@slack/types';
import { canBeChosen, choiceInput, textInput } from '#adapters/slack/inbound/modals/inputs.ts';

const NAME_CHARACTERS_MAX = 96;

type Wanted = {
  readonly label: string;
  readonly names: readonly string[];
  readonly initial?: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly redraws?: boolean;
  readonly named?: (name: string) => string;
};

/** A menu of services; where there are too many for one, or their names are too long, a line to type in. */
export function serviceInput({ names, named, initial, ...about }: Wanted): InputBlock {
  const chosen = names.length === 1 && !about.optional ? names[0] : initial;
  const field = { ...about, id: 'service', ...(chosen && { initial: chosen }) };
  return canBeChosen(names)
    ? choiceInput({ ...field, choices: names, ...(named && { named }) })
    : textInput({ ...field, placeholder: 'support-agent', lengthMax: NAME_CHARACTERS_MAX });
}
