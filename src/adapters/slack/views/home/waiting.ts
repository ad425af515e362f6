/** What waits for this person's yes, each with the buttons that give or refuse it. */
import type { AnyBlock } from '@slack/types';
import { askedWords } from '#adapters/slack/views/asked-words.ts';
import { actions, said, small } from '#adapters/slack/views/blocks.ts';
import { buttonFor } from '#adapters/slack/views/card-buttons.ts';
import { cardTitle } from '#adapters/slack/views/card-title.ts';
import { flagRequestButtons } from '#adapters/slack/views/flag-request.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { riskWords } from '#adapters/words/risk-words.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { type Flag, type FlagRequest, flagInWords } from '#domain/flag.ts';
import type { Ask, Release } from '#domain/release.ts';

export type Waiting =
  | { readonly what: 'step'; readonly release: Release; readonly ask: Ask }
  | { readonly what: 'flag'; readonly flag: Flag; readonly request: FlagRequest };

const SHOWN_MAX = 10;

/** Whoever has waited longest comes first. */
export function waitingRows(waiting: readonly Waiting[]): readonly AnyBlock[] {
  if (waiting.length === 0) return [small('Nothing waits for your approval.')];
  const more = waiting.length - SHOWN_MAX;
  return [
    ...waiting
      .toSorted((one, other) => askedAt(one) - askedAt(other))
      .slice(0, SHOWN_MAX)
      .flatMap((one, at) => [
        ...(at > 0 ? [{ type: 'divider' as const }] : []),
        ...(one.what === 'step' ? stepRows(one) : flagRows(one)),
      ]),
    ...(more > 0 ? [small(`… and ${more} more, in their channels.`)] : []),
  ];
}

const askedAt = (one: Waiting) => (one.what === 'step' ? one.ask.at : one.request.at);

function stepRows({ release, ask }: Waiting & { readonly what: 'step' }): readonly AnyBlock[] {
  const { verdict } = release;
  const judged = ask.judged
    ? `*This would be a judged step:* the evidence is too thin for Signalman to say yes. ${riskWords(release)}`
    : '';
  return [
    said(
      `*${cardTitle(release)}*`,
      askedWords(release, ask),
      judged,
      ...(verdict ? [verdictWords(verdict)] : []),
    ),
    ...actions([buttonFor(release, 'approve'), buttonFor(release, 'decline')]),
  ];
}

function flagRows({ flag, request }: Waiting & { readonly what: 'flag' }): readonly AnyBlock[] {
  const { by, at, value } = request;
  const change = `${flagInWords(flag)} → *${flagInWords(value)}*`;
  return [
    said(
      `*Flag \`${fromPerson(flag.key)}\`:* ${change}`,
      `${actorWords(by)} asks for it, ${whenWords(at)}.`,
    ),
    ...actions(flagRequestButtons(flag.key, request)),
  ];
}
