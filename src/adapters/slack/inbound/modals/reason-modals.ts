/** The two forms that ask why: before a proposal is declined, and before a lock is lifted. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { type ButtonValue, writeValue } from '#adapters/slack/button-value.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { form, textInput, words } from '#adapters/slack/inbound/modals/inputs.ts';
import { guardRows, leadingLine } from '#adapters/slack/views/guard-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson, quoting } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { lockOn } from '#domain/service.ts';
import type { Verdict } from '#domain/verdict.ts';

const REASON_CHARACTERS_MAX = 500;

export const declineModal = (value: ButtonValue): ModalView =>
  form({
    callback: VIEWS.decline,
    title: 'Decline',
    submit: 'Decline',
    remembered: writeValue(value),
    blocks: [
      words(`The release #${value.release} of ${fromPerson(value.service)} does not go on.`),
      textInput({
        id: 'reason',
        label: 'Why? Whoever asked will see it.',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });

type Locked = ButtonValue & { readonly version: string };

/** Whoever unlocks first reads why it was locked; only then the form asks what has changed since. */
export const unlockModal = (deps: Pick<AnswerDeps, 'queries'>, value: Locked): ModalView =>
  form({
    callback: VIEWS.unlock,
    title: 'Unlock a version',
    submit: 'Unlock',
    remembered: writeValue(value),
    blocks: [
      words(lockedWords(deps, value)),
      words(
        `Unlocked, ${fromPerson(value.version)} may be released again, and its evidence begins anew.`,
      ),
      textInput({
        id: 'reason',
        label: 'What has changed since?',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });

function lockedWords(
  { queries }: Pick<AnswerDeps, 'queries'>,
  { service: name, version }: Locked,
): string {
  const service = queries.service(name);
  const lock = service && lockOn(service, version);
  const what = `${fromPerson(version)} of ${fromPerson(name)}`;
  if (!lock) return `${what} is not locked any more.`;
  const release = queries.release(lock.release);
  const head = `*${what} was locked* ${whenWords(lock.at)}, when ${actorWords(lock.by)} rolled back #${lock.release}:`;
  const isByPerson = lock.by.kind !== 'policy';
  const numbers = release?.verdict && !isByPerson ? numberLines(release.verdict) : [];
  return [head, ...(numbers.length > 0 ? numbers : [fromPerson(lock.reason)])].join('\n');
}

/** A form can hold no table, so each guard has a line. */
function numberLines(verdict: Verdict): readonly string[] {
  const line = leadingLine(verdict);
  return [
    ...(line ? [`*${quoting(line)}*`] : []),
    ...guardRows(verdict).map(
      ({ guard, candidate, stable, limit }) =>
        `• ${quoting(guard)}: ${candidate}, stable ${stable}, limit ${limit}`,
    ),
  ];
}
