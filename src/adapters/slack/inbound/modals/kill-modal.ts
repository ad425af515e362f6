import type { ModalView, SectionBlock } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { enteredIn, type SentView } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import {
  canBeChosen,
  choiceInput,
  form,
  textInput,
  words,
} from '#adapters/slack/inbound/modals/inputs.ts';
import { serviceNames, usualName } from '#adapters/slack/inbound/names.ts';
import { reachWords } from '#adapters/slack/inbound/obedience-words.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { GLOBAL_SWITCH, isGlobalSwitch, isName, splitName } from '#domain/name.ts';

const NAME_CHARACTERS_MAX = 96;
const REASON_CHARACTERS_MAX = 500;

type KillModalDeps = Pick<AnswerDeps, 'settings' | 'snapshots'>;

type Entered = { readonly chosen: string; readonly typed: string; readonly environment: string };

export const killEntered = (view: SentView): Entered => ({
  chosen: enteredIn(view, 'name'),
  typed: enteredIn(view, 'other')
    .toLowerCase()
    .replace(/^kill\./, ''),
  environment: enteredIn(view, 'environment'),
});

/** The switch that is meant, in its usual name; empty as long as none was chosen. */
export function switchEntered(deps: KillModalDeps, entered: Entered): string {
  const { chosen, typed, environment } = entered;
  const bare = chosen || typed;
  if (bare === '') return '';
  const isPlaced = bare.includes('/') || !environment;
  // `global` with the default environment still means everything, as it does when typed.
  const isEverything = bare === GLOBAL_SWITCH && environment === deps.settings().defaultEnvironment;
  return usualName(deps, isPlaced || isEverything ? bare : `${bare}/${environment}`);
}

/** The form behind `/killswitch` without words. It shows what is in memory, so nothing can delay it. */
export const killModal = (deps: KillModalDeps): ModalView =>
  drawn(
    deps,
    words(
      'This stops actions at once; no version changes. A service’s name stops that service, and `global` stops every action of every service.',
    ),
  );

/** Drawn anew once it is known what is to be stopped: what that stops, and who would obey. */
export async function killModalFor(
  deps: KillModalDeps & Pick<AnswerDeps, 'obedienceOf' | 'clock'>,
  entered: Entered,
): Promise<ModalView> {
  const name = switchEntered(deps, entered);
  if (name === '' || !isName(name)) return killModal(deps);
  const obeyed = await within(OBEDIENCE_MS_MAX, deps.obedienceOf(name));
  const what = `*${stops(deps, name)}* No version changes.`;
  return drawn(deps, words(`${what}\n${reachWords(name, obeyed, deps.clock())}`));
}

const OBEDIENCE_MS_MAX = 800;

function stops({ settings }: KillModalDeps, name: string): string {
  const { base, environment } = splitName(name);
  if (isGlobalSwitch(name)) {
    const where = environment === undefined ? '' : ` in ${fromPerson(environment)}`;
    return `:warning: “${fromPerson(name)}” stops every action of every service${where}.`;
  }
  return serviceNames({ settings }).includes(name)
    ? `“${fromPerson(name)}” stops the whole service.`
    : `“${fromPerson(name)}” stops what agents ask \`kill.${fromPerson(base)}\` about.`;
}

function drawn(deps: KillModalDeps, explanation: SectionBlock): ModalView {
  const names = switchesToChoose(deps);
  const environments = environmentsToChoose(deps);
  const redraws = true;
  return form({
    callback: VIEWS.kill,
    title: 'Kill switch',
    submit: 'Switch on',
    blocks: [
      ...(canBeChosen(names)
        ? [
            choiceInput({
              id: 'name',
              label: 'Stop what?',
              placeholder: 'A service, or a switch used before',
              choices: names,
              optional: true,
              redraws,
            }),
          ]
        : []),
      textInput({
        id: 'other',
        label: canBeChosen(names) ? 'Or another switch' : 'Stop what?',
        placeholder: 'writes',
        lengthMax: NAME_CHARACTERS_MAX,
        optional: true,
        redraws,
      }),
      ...(environments.length > 1 && canBeChosen(environments)
        ? [
            choiceInput({
              id: 'environment',
              label: 'Where?',
              choices: environments,
              initial: deps.settings().defaultEnvironment,
              optional: true,
              redraws,
            }),
          ]
        : []),
      explanation,
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
