import type { Actor, Asker } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { isSamePerson } from '#domain/identity.ts';
import { type Permission, whyNot } from '#domain/permission.ts';
import { no, yes } from '#domain/result.ts';
import type { Change, Decision } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';

/** What a flag answers: nobody, everybody, or a percentage; the allowlist comes on top of the last. */
export type FlagValue = { readonly state: 'off' | 'on' | 'percentage'; readonly percent: number };

/** Raising a flag high needs a second person, who says yes to exactly this request. */
export type FlagRequest = {
  readonly id: number;
  readonly value: FlagValue;
  readonly by: Actor;
  readonly at: Instant;
};

export type Flag = FlagValue & {
  readonly key: string;
  readonly allowed: readonly string[];
  readonly archived: boolean;
  /** How many requests there ever were, so that an old button never fits a new one. */
  readonly requests: number;
  readonly request?: FlagRequest;
  readonly bucketing: 1;
};

export type FlagIntent =
  | {
      readonly to: 'set';
      readonly by: Asker;
      readonly value: FlagValue;
      readonly approvalAbovePercent: number;
    }
  | { readonly to: 'allow' | 'disallow'; readonly by: Asker; readonly users: readonly string[] }
  | { readonly to: 'archive'; readonly by: Asker }
  | { readonly to: 'approve' | 'decline'; readonly by: Asker; readonly request: number };

export const newFlag = (key: string): Flag => ({
  key,
  state: 'off',
  percent: 0,
  allowed: [],
  archived: false,
  requests: 0,
  bucketing: 1,
});

/** The share of users who have the flag, in percent, the allowlist apart. */
export const exposurePercent = ({ state, percent }: FlagValue) =>
  state === 'on' ? 100 : state === 'off' ? 0 : percent;

export const flagInWords = ({ state, percent }: FlagValue) =>
  state === 'percentage' ? `${percent} %` : state;

export function decideFlag(flag: Flag, intent: FlagIntent, at: Instant): Decision<Flag> {
  if (flag.archived) return no({ code: 'flag_archived', key: flag.key });
  switch (intent.to) {
    case 'set':
      return set(flag, intent, at);
    case 'allow':
    case 'disallow':
      return allow(flag, intent, at);
    case 'archive':
      return archive(flag, intent, at);
    case 'approve':
    case 'decline':
      return answer(flag, intent, at);
  }
}

type To<Name extends FlagIntent['to']> = FlagIntent & { readonly to: Name };

function set(
  flag: Flag,
  { by, value, approvalAbovePercent }: To<'set'>,
  at: Instant,
): Decision<Flag> {
  const isRaise = exposurePercent(value) > exposurePercent(flag);
  // Off is off for the allowed ones too, so any other state lets them in.
  const isOpened = flag.state === 'off' && value.state !== 'off' && flag.allowed.length > 0;
  const forbidden = whyNot(by, isRaise || isOpened ? 'flag_raise' : 'flag_lower');
  if (forbidden) return no(forbidden);
  if (flag.state === value.state && flag.percent === value.percent)
    return no({ code: 'flag_unchanged', key: flag.key, state: flagInWords(flag) });
  if (isRaise && exposurePercent(value) > approvalAbovePercent) return request(flag, value, by, at);
  return yes(become(flag, value, by, at));
}

function request(flag: Flag, value: FlagValue, by: Asker, at: Instant): Decision<Flag> {
  const id = flag.requests + 1;
  const next = { ...flag, requests: id, request: { id, value, by: by.actor, at } };
  return yes({
    next,
    audit: entry(flag, { at, by, action: 'flag_ask', to: flagInWords(value) }),
    owes: [{ sync: 'flag_request', flag: flag.key, request: id }, ...oldRequest(flag)],
  });
}

/** A newer change makes an open request void, so its message has to lose its buttons. */
const oldRequest = (flag: Flag) =>
  flag.request ? [{ sync: 'flag_request' as const, flag: flag.key, request: flag.request.id }] : [];

function become(
  flag: Flag,
  value: FlagValue,
  by: Asker,
  at: Instant,
  approvedBy?: Actor,
): Change<Flag> {
  const { request: _, ...rest } = flag;
  const { key } = flag;
  const [from, to] = [flagInWords(flag), flagInWords(value)];
  return {
    next: { ...rest, ...value },
    audit: entry(flag, { at, by, action: approvedBy ? 'flag_approve' : 'flag_set', to }),
    owes: [
      {
        tell: 'channel',
        notice: {
          what: 'flag_changed',
          key,
          from,
          to,
          by: approvedBy && flag.request ? flag.request.by : by.actor,
          ...(approvedBy && { approvedBy }),
        },
      },
      ...oldRequest(flag),
    ],
  };
}

function answer(flag: Flag, intent: To<'approve' | 'decline'>, at: Instant): Decision<Flag> {
  const { by } = intent;
  const forbidden = whyNot(by, intent.to);
  if (forbidden) return no(forbidden);
  const { request: asked } = flag;
  if (asked?.id !== intent.request) return no({ code: 'plan_changed' });
  if (intent.to === 'decline') {
    const { request: _, ...next } = flag;
    const audit = entry(flag, { at, by, action: 'flag_decline', to: flagInWords(flag) });
    return yes({ next, audit, owes: oldRequest(flag) });
  }
  if (isSamePerson(by, asked.by)) return no({ code: 'needs_second_person', excluded: asked.by });
  return yes(become(flag, asked.value, by, at, by.actor));
}

function allow(flag: Flag, intent: To<'allow' | 'disallow'>, at: Instant): Decision<Flag> {
  const { by, users } = intent;
  const isAllow = intent.to === 'allow';
  const forbidden = whyNot(by, isAllow ? 'flag_raise' : 'flag_lower');
  if (forbidden) return no(forbidden);
  const others = flag.allowed.filter((user) => !users.includes(user));
  const allowed = isAllow ? [...others, ...users] : others;
  // An allowlist on a flag that is off would let nobody in, which is never what was meant.
  const value: FlagValue =
    isAllow && flag.state === 'off' ? { state: 'percentage', percent: 0 } : flag;
  const next: Flag = { ...flag, state: value.state, percent: value.percent, allowed };
  const to = `${flagInWords(value)}, ${allowed.length} allowed`;
  const from = `${flagInWords(flag)}, ${flag.allowed.length} allowed`;
  return yes({
    next,
    audit: {
      ...entry(flag, { at, by, action: `flag_${intent.to}`, to }),
      from,
      details: { users: [...users] },
    },
    owes: [
      {
        tell: 'channel',
        notice: { what: 'flag_changed', key: flag.key, from, to, by: by.actor },
      },
    ],
  });
}

/** Archiving ends a flag for good: agents fall back to the default in their own code. */
function archive(flag: Flag, { by }: To<'archive'>, at: Instant): Decision<Flag> {
  const needed: Permission = 'flag_raise';
  const forbidden = whyNot(by, needed);
  if (forbidden) return no(forbidden);
  const { request: _, ...rest } = flag;
  return yes({
    next: { ...rest, archived: true },
    audit: entry(flag, { at, by, action: 'flag_archive', to: 'archived' }),
    owes: [
      {
        tell: 'channel',
        notice: {
          what: 'flag_changed',
          key: flag.key,
          from: flagInWords(flag),
          to: 'archived',
          by: by.actor,
        },
      },
      ...oldRequest(flag),
    ],
  });
}

function entry(
  flag: Flag,
  what: { at: Instant; by: Asker; action: string; to: string },
): AuditDraft {
  return {
    at: what.at,
    actor: what.by.actor,
    action: what.action,
    target: { flag: flag.key },
    from: flagInWords(flag),
    to: what.to,
    reason: '',
    outcome: 'done',
  };
}
