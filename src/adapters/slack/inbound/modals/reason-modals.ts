/** The two forms that ask why: before a proposal is declined, and before a lock is lifted. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { type ButtonValue, writeValue } from '#adapters/slack/button-value.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { form, textInput, words } from '#adapters/slack/inbound/modals/inputs.ts';
import { askedWords } from '#adapters/slack/views/asked-words.ts';
import { cardTitle } from '#adapters/slack/views/card-title.ts';
import { guardRows, leadingLine } from '#adapters/slack/views/guard-words.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson, quoting } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { lockOn } from '#domain/service.ts';
import type { Verdict } from '#domain/verdict.ts';

const REASON_CHARACTERS_MAX = 500;

type ReasonDeps = Pick<AnswerDeps, 'queries'>;

/** Whoever declines reads once more what was asked, by whom, and what becomes of it. */
export const declineModal = (deps: ReasonDeps, value: ButtonValue): ModalView =>
  form({
    callback: VIEWS.decline,
    title: 'Decline',
    submit: 'Decline',
    remembered: writeValue(value),
    blocks: [
      words(declinedWords(deps, value)),
      textInput({
        id: 'reason',
        label: 'Why? Whoever asked will see it.',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });

function declinedWords({ queries }: ReasonDeps, value: ButtonValue): string {
  const release = queries.release(value.release);
  if (!release || !('ask' in release) || !release.ask)
    return `Nothing is asked for #${value.release} of ${fromPerson(value.service)} any more.`;
  const { candidate } = release.facts;
  const then =
    release.phase === 'proposed'
      ? `Declined, the release ends, and ${fromPerson(candidate)} gets no traffic.`
      : `Declined, ${fromPerson(candidate)} keeps the share it has, and *Promote* asks again.`;
  return [
    `*${cardTitle(release)}*`,
    askedWords(release, release.ask),
    ...(release.verdict ? [verdictWords(release.verdict)] : []),
    then,
  ].join('\n');
}

type Locked = ButtonValue & { readonly version: string };

/** Whoever unlocks first reads why it was locked; only then the form asks what has changed since. */
export const unlockModal = (deps: ReasonDeps, value: Locked): ModalView =>
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

function lockedWords({ queries }: ReasonDeps, { service: name, version }: Locked): string {
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
    ...(line ? [`*${opening(quoting(line))}*`] : []),
    ...guardRows(verdict).map(
      ({ guard, candidate, stable, limit }) =>
        `• ${quoting(guard)}: ${candidate}, stable ${stable}, limit ${limit}`,
    ),
  ];
}
