import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { type Flag, type FlagIntent, flagInWords } from '#domain/flag.ts';
import type { Permission } from '#domain/permission.ts';
import { no, yes } from '#domain/result.ts';
import { changeFlag } from '#operations/change-flag.ts';

export type FlagWish = FlagIntent extends infer Intent
  ? Intent extends unknown
    ? Omit<Intent, 'by'>
    : never
  : never;

export async function changeFlagFor(
  deps: AnswerDeps,
  asking: Asking,
  key: string,
  wish: FlagWish,
): Promise<Outcome> {
  const before = deps.queries.flag(key);
  // Setting and allowing make a new flag; everything else on an unknown key is a slip.
  if (!before && wish.to !== 'set' && wish.to !== 'allow')
    return no({ code: 'unknown_flag', key, known: deps.queries.flags().map((flag) => flag.key) });
  const by = await askerOf(deps, asking, PERMISSIONS[wish.to]);
  const { inboxKey } = asking;
  const outcome = await changeFlag(deps, { key, intent: { ...wish, by }, inboxKey });
  return outcome.ok ? yes(doneWords(wish, outcome.value.state, !before)) : outcome;
}

/** Roles are read anew for all that may raise it; who only lowers it does not need them. */
const PERMISSIONS = {
  set: 'flag_raise',
  allow: 'flag_raise',
  disallow: 'flag_lower',
  archive: 'flag_raise',
  approve: 'approve',
  decline: 'decline',
} as const satisfies Record<FlagIntent['to'], Permission>;

function doneWords(wish: FlagWish, flag: Flag, isNew: boolean): string {
  const key = fromPerson(flag.key);
  switch (wish.to) {
    case 'set': {
      const { request } = flag;
      const isAsked = request && request.value.percent === wish.value.percent;
      const begin = isNew ? `“${key}” is a new flag. ` : '';
      return isAsked
        ? `${begin}Raising it to ${flagInWords(request.value)} needs a second person: an approver who is not you has to press *Approve* in the channel. Until then it stays ${flagInWords(flag)}.`
        : `${begin}“${key}” is ${flagInWords(flag)} now. Agents see it at once.`;
    }
    case 'allow':
      return `“${key}” is on for ${people(wish.users)} now, whatever its percentage (${flagInWords(flag)} for everybody else).`;
    case 'disallow':
      return `“${key}” treats ${people(wish.users)} like everybody else now (${flagInWords(flag)}).`;
    case 'archive':
      return `“${key}” is archived. Agents fall back to the default in their own code.`;
    case 'approve':
      return `Approved: “${key}” is ${flagInWords(flag)} now.`;
    case 'decline':
      return `Declined: “${key}” stays ${flagInWords(flag)}.`;
  }
}

const NAMED_MAX = 5;

function people(users: readonly string[]): string {
  const shown = users.slice(0, NAMED_MAX).map(fromPerson).join(', ');
  const rest = users.length - NAMED_MAX;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
