/** The form behind *Make this a rollback reason*: what to roll back, for the words of a message. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { form, textInput, words } from '#adapters/slack/inbound/modals/inputs.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import { serviceInput } from '#adapters/slack/inbound/modals/service-input.ts';
import { link as linkTo } from '#adapters/slack/views/links.ts';
import { asRead, clip } from '#adapters/words/escape.ts';
import { offers } from '#domain/release-rules.ts';
import type { Service } from '#domain/service.ts';

/** Leaves room for the link to the message. */
const REASON_CHARACTERS_MAX = 350;

type Quoted = { readonly text: string; readonly link?: string };

export function rollbackModal(
  { queries }: Pick<AnswerDeps, 'queries'>,
  { text, link }: Quoted,
): ModalView {
  const choices = queries.services().flatMap(backOf);
  if (choices.length === 0)
    return resultModal({
      text: 'There is nothing to roll back: no release has traffic, and no service has a former stable version. `/killswitch on` with a name and a reason stops agents at once.',
    });
  const named = new Map(choices.map(({ service, words }) => [service, words]));
  const source = link === undefined ? undefined : linkTo(link, 'the message');
  const initial = clip(asRead(text).trim(), REASON_CHARACTERS_MAX);
  return form({
    callback: VIEWS.rollbackReason,
    title: 'Roll back',
    submit: 'Roll back',
    ...(link !== undefined && { remembered: link }),
    blocks: [
      words('All traffic of the service goes back at once, and the version it leaves is locked.'),
      serviceInput({
        label: 'Roll back what?',
        names: choices.map(({ service }) => service),
        named: (service) => named.get(service) ?? service,
      }),
      textInput({
        id: 'reason',
        label: 'Reason',
        hint: 'Everybody who sees the alert will read it.',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
        ...(initial && { initial }),
      }),
      ...(source === undefined ? [] : [words(`The reason will link to ${source}.`)]),
    ],
  });
}

type Back = { readonly service: string; readonly words: string };

/** What a service can go back from now: a release with traffic, or the one it was last released by. */
function backOf({ name, live, crowned }: Service): readonly Back[] {
  const release = [live, crowned].find((one) => one && offers(one).includes('rollback'));
  if (!release) return [];
  const { id, candidate, stable } = release.facts;
  return [{ service: name, words: `${name} #${id}: ${candidate} → ${stable}` }];
}
