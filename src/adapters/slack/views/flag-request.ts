/** Somebody asks to raise a flag so high that a second person has to say yes. */
import type { Button } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import { actions, said, small, type View, view } from '#adapters/slack/views/blocks.ts';
import { button, confirming } from '#adapters/slack/views/buttons.ts';
import { approversInWords } from '#adapters/slack/views/people-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Actor } from '#domain/actor.ts';
import { exposurePercent, type Flag, type FlagRequest, flagInWords } from '#domain/flag.ts';
import type { People } from '#domain/settings.ts';
import type { Instant } from '#domain/time.ts';

/** How a request ended, and what it had asked for, as the register tells it. */
export type EndedRequest = {
  readonly from: string;
  readonly to: string;
  readonly askedBy: Actor;
  readonly outcome: 'approved' | 'declined' | 'overtaken';
  readonly by: Actor;
  readonly at: Instant;
};

export type FlagRequestState = {
  readonly flag: Flag;
  readonly request: number;
  readonly people: People;
  /** Absent while the request is open, and when the register no longer tells. */
  readonly ended?: EndedRequest;
};

export function flagRequest(state: FlagRequestState): View {
  const { flag, request, ended } = state;
  if (flag.request?.id === request) return open(state, flag.request);
  return ended ? over(flag.key, ended) : note(`The request about ${ticked(flag.key)} is over.`);
}

const note = (words: string): View => view(words, [said(words)]);
const ticked = (key: string) => `\`${fromPerson(key)}\``;

function open({ flag, people }: FlagRequestState, request: FlagRequest) {
  const { by, at, value } = request;
  const who = approversInWords(people);
  const may = who ? `${who} may approve` : 'No approvers are named in signalman.yml, so nobody may';
  const words = `${actorWords(by)} asks to raise the flag ${ticked(flag.key)}: ${flagInWords(flag)} → *${flagInWords(value)}*.`;
  return view(words, [
    said(words, `${may}; not ${actorWords(by)}, who asked.`),
    small(`asked ${whenWords(at)}; until somebody says yes it stays ${flagInWords(flag)}`),
    ...actions(flagRequestButtons(flag.key, request)),
  ]);
}

export function flagRequestButtons(key: string, { id, value }: FlagRequest): readonly Button[] {
  const carried = writeValue({ flag: key, request: id });
  const isForAll = exposurePercent(value) === 100;
  return [
    button({
      label: 'Approve',
      action: ACTIONS.flagApprove,
      about: `Approve raising the flag ${key}`,
      style: 'primary',
      value: carried,
      ...(isForAll && {
        confirm: confirming({
          title: 'Switch it on for everybody?',
          text: `Every user will have the flag ${key}.`,
          yes: 'Approve',
          no: 'Not yet',
        }),
      }),
    }),
    button({
      label: 'Decline',
      action: ACTIONS.flagDecline,
      about: `Decline raising the flag ${key}`,
      value: carried,
    }),
  ];
}

function over(key: string, { from, to, askedBy, outcome, by, at }: EndedRequest): View {
  const wish = `${actorWords(askedBy)} asked to raise the flag ${ticked(key)}: ${fromPerson(from)} → ${fromPerson(to)}.`;
  return note(`${wish}\n${OUTCOMES[outcome]} by ${actorWords(by)}, ${whenWords(at)}.`);
}

const OUTCOMES: Readonly<Record<EndedRequest['outcome'], string>> = {
  approved: '*Approved*',
  declined: '*Declined*',
  overtaken: '*Void:* the flag was changed meanwhile',
};
