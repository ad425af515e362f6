import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import {
  canBeChosen,
  choiceInput,
  form,
  textInput,
  words,
} from '#adapters/slack/inbound/modals/inputs.ts';
import { serviceNames } from '#adapters/slack/inbound/names.ts';
import { STRATEGIES } from '#domain/plan.ts';

const NAME_CHARACTERS_MAX = 96;
const VERSION_CHARACTERS_MAX = 63;
const NOTE_CHARACTERS_MAX = 500;

/** The form behind `/rollout` without words. */
export function startModal(deps: Pick<AnswerDeps, 'settings'>): ModalView {
  const names = serviceNames(deps);
  return form({
    callback: VIEWS.start,
    title: 'Start a release',
    submit: 'Propose',
    blocks: [
      serviceInput(names),
      textInput({
        id: 'version',
        label: 'New version',
        placeholder: '2.4.0',
        lengthMax: VERSION_CHARACTERS_MAX,
      }),
      choiceInput({
        id: 'strategy',
        label: 'Strategy',
        hint: 'Left empty, the service’s own strategy is used.',
        choices: STRATEGIES,
        optional: true,
      }),
      textInput({
        id: 'note',
        label: 'What is new in it?',
        lengthMax: NOTE_CHARACTERS_MAX,
        multiline: true,
        optional: true,
      }),
      words(
        'This proposes a release; somebody else approves it. `/rollout status` shows how services stand.',
      ),
    ],
  });
}

function serviceInput(names: readonly string[]) {
  const field = { id: 'service', label: 'Service' };
  return canBeChosen(names)
    ? choiceInput({
        ...field,
        choices: names,
        ...(names.length === 1 && { initial: names[0] ?? '' }),
      })
    : textInput({ ...field, placeholder: 'support-agent', lengthMax: NAME_CHARACTERS_MAX });
}
