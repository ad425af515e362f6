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
import { fromPerson } from '#adapters/words/escape.ts';
import { GLOBAL_SWITCH } from '#domain/name.ts';

const NAME_CHARACTERS_MAX = 96;
const REASON_CHARACTERS_MAX = 500;

type KillModalDeps = Pick<AnswerDeps, 'settings' | 'snapshots'>;

/** The form behind `/killswitch` without words. It shows what is in memory, so nothing can delay it. */
export function killModal(deps: KillModalDeps): ModalView {
  const names = switchesToChoose(deps);
  const environments = environmentsToChoose(deps);
  return form({
    callback: VIEWS.kill,
    title: 'Kill switch',
    submit: 'Switch on',
    blocks: [
      words(
        'This stops actions at once; no version changes. A service’s name stops that service, and `global` stops every action of every service.',
      ),
      ...(canBeChosen(names)
        ? [choiceInput({ id: 'name', label: 'Stop what?', choices: names, optional: true })]
        : []),
      textInput({
        id: 'other',
        label: canBeChosen(names) ? 'Or another switch' : 'Stop what?',
        placeholder: 'writes',
        lengthMax: NAME_CHARACTERS_MAX,
        optional: true,
      }),
      ...(environments.length > 1 && canBeChosen(environments)
        ? [
            choiceInput({
              id: 'environment',
              label: 'Where?',
              choices: environments,
              initial: deps.settings().defaultEnvironment,
              optional: true,
            }),
          ]
        : []),
      textInput({ id: 'reason', label: 'Why?', lengthMax: REASON_CHARACTERS_MAX }),
    ],
  });
}

/** Switches that were named before, and services; `global` comes last, so that no slip hits it. */
function switchesToChoose({ settings, snapshots }: KillModalDeps): readonly string[] {
  const named = [...snapshots.current().environments.values()].flatMap((view) => [
    ...view.switches,
  ]);
  const services = serviceNames({ settings }).map((name) => name.split('/')[0] ?? name);
  return [...new Set([...named, ...services].sort()), GLOBAL_SWITCH];
}

const environmentsToChoose = ({ snapshots }: KillModalDeps) =>
  [...snapshots.current().environments.keys()].sort();

export type KillToConfirm = { readonly killswitch: string; readonly reason: string };

/** Stopping everything takes somebody who is no operator one more click. */
export const confirmKillModal = (kill: KillToConfirm): ModalView =>
  form({
    callback: VIEWS.kill,
    title: 'Stop everything?',
    submit: 'Stop everything',
    remembered: JSON.stringify(kill),
    blocks: [
      words(
        `“${fromPerson(kill.killswitch)}” stops every action of every service. You are not an operator, so this takes one more click; nothing was done yet.`,
      ),
    ],
  });
