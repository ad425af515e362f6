/** Every cell of who may do what to flags, kill switches and reviews. */
import type { Asker } from '#domain/actor.ts';
import { decideFlag, type Flag, type FlagIntent, newFlag } from '#domain/flag.ts';
import { decideKill, untouched } from '#domain/killswitch.ts';
import { decideReview, type Review, type Reviews } from '#domain/review.ts';
import { asks } from '#test/support/askers.ts';
import { noon } from '#test/support/builders.ts';
import { AT, codeOf, requester, type Tried } from '#test/support/permissions/release-cells.ts';
import {
  ASKED_FOR_IT,
  CELLS,
  keysOf,
  whoForbids,
} from '#test/support/permissions/release-rules.ts';

export const SMALL = {
  flag_raise: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_ask: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_lower: { takes: 'member', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_allow: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_disallow: { takes: 'member', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_archive: { takes: 'operator', moves: { at_40: 'done', asked_for_80: 'done' } },
  flag_approve: { takes: 'approver', moves: { at_40: 'plan_changed', asked_for_80: 'done' } },
  flag_decline: { takes: 'member', moves: { at_40: 'plan_changed', asked_for_80: 'done' } },
  kill_on: { takes: 'member', moves: { off: 'done', on: 'already_on' } },
  kill_off: { takes: 'operator', moves: { off: 'already_off', on: 'done' } },
  review: {
    takes: 'reviewer',
    moves: { waits: 'done', reviewed: 'already_decided', unheard_of: 'nothing_to_review' },
  },
} as const;
type Small = keyof typeof SMALL;
/** What nobody may do about what they did or asked for themselves. */
const FOUR_EYES: Readonly<Partial<Record<Small, string>>> = {
  flag_approve: 'needs_second_person',
  review: 'needs_another_reviewer',
};

const at40: Flag = { ...newFlag('answers'), state: 'percentage', percent: 40, allowed: ['u1'] };
const value = (percent: number) => ({ state: 'percentage', percent }) as const;
const request = { id: 1, value: value(80), by: requester.actor, at: noon };
const FLAGS: Readonly<Record<string, Flag>> = {
  at_40: at40,
  asked_for_80: { ...at40, requests: 1, request },
};

const waits: Review = {
  entry: 7,
  of: {
    ...{ at: noon, actor: requester.actor, action: 'kill_on', target: { killswitch: 'writes' } },
    ...{ from: 'off', to: 'on', reason: 'a test' },
  },
  reminders: 0,
};
const REVIEWS: Readonly<Record<string, Reviews>> = {
  waits: [waits],
  reviewed: [{ ...waits, done: { by: requester.actor, at: noon, note: 'seen' } }],
  unheard_of: [],
};

export function decideSmall(command: Small, by: Asker, state: string) {
  const killSwitch = { ...untouched('writes'), isOn: state === 'on' };
  const set = (percent: number): FlagIntent => ({
    to: 'set',
    by,
    value: value(percent),
    approvalAbovePercent: 50,
  });
  const intents: Readonly<Partial<Record<Small, FlagIntent>>> = {
    flag_raise: set(45),
    flag_ask: set(90),
    flag_lower: set(10),
    flag_allow: { to: 'allow', by, users: ['u2'] },
    flag_disallow: { to: 'disallow', by, users: ['u1'] },
    flag_archive: { to: 'archive', by },
    flag_approve: { to: 'approve', by, request: 1 },
    flag_decline: { to: 'decline', by, request: 1 },
  };
  const reviews = REVIEWS[state];
  if (command === 'review' && reviews)
    return codeOf(decideReview(reviews, { entry: 7, by, note: 'a test' }, AT));
  const intent = intents[command];
  const flag = FLAGS[state];
  if (intent && flag) return codeOf(decideFlag(flag, intent, AT));
  const to = command === 'kill_on' ? 'on' : 'off';
  return codeOf(decideKill(killSwitch, { to, by, reason: 'a test' }, AT));
}

export async function trySmallCells(): Promise<Tried> {
  let count = 0;
  const wrong: string[] = [];
  for (const cell of CELLS) {
    const askers = {
      operator: await asks(cell, 'kill_off'),
      approver: await asks(cell, 'approve'),
      reviewer: await asks(cell, 'review'),
      member: await asks(cell, 'kill_on'),
    };
    for (const command of keysOf(SMALL))
      for (const [state, move] of Object.entries(SMALL[command].moves)) {
        const { takes: needed } = SMALL[command];
        const isOwn = move === 'done' && ASKED_FOR_IT.includes(cell.kind);
        const expected = whoForbids(cell, needed) ?? ((isOwn && FOUR_EYES[command]) || move);
        const got = decideSmall(command, askers[needed], state);
        count += 1;
        if (got !== expected)
          wrong.push(
            `${Object.values(cell).join(' ')} ${command} ${state}: ${got}, not ${expected}`,
          );
      }
  }
  return { count, wrong };
}
