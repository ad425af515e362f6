import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { obedienceWords } from '#adapters/slack/inbound/obedience-words.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import { type Result, yes } from '#domain/result.ts';
import { type Thrown, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type Kill = {
  readonly name: string;
  readonly reason: string;
  /** The one click more that stopping everything takes for somebody who is no operator. */
  readonly confirmed: boolean;
};

export type Killed =
  | { readonly what: 'to_confirm' }
  | { readonly what: 'killed'; readonly words: string; readonly meant?: string };

/** Who obeys is told after the kill; it may not make the answer late. */
const OBEDIENCE_MS_MAX = 800;

export async function kill(
  deps: AnswerDeps,
  asking: Asking,
  { name, reason, confirmed }: Kill,
): Promise<Result<Killed, Extract<Outcome, { ok: false }>['refusal']>> {
  const by = await askerOf(deps, asking, 'kill_on');
  const isMember = by.membership === 'full' || by.membership === 'unknown';
  if (isGlobalSwitch(name) && isMember && !by.operator && !confirmed)
    return yes({ what: 'to_confirm' });
  const intent = { to: 'on', by, reason } as const;
  const { inboxKey } = asking;
  const override = deps.snapshots;
  const thrown = await throwKillSwitch({ ...deps, override }, { name, intent, inboxKey });
  if (!thrown.ok) return thrown;
  const obeyed = await within(OBEDIENCE_MS_MAX, deps.obedienceOf(name));
  const { words, meant } = obedienceWords(name, obeyed, deps.clock());
  const begin = `“${fromPerson(name)}” is on: agents are told to stop.`;
  const text = [begin, NOT_COMMITTED[thrown.value.written], words].filter(Boolean).join(' ');
  return yes({ what: 'killed', words: text, ...(meant !== undefined && { meant }) });
}

const NOT_COMMITTED: Readonly<Record<Thrown['written'], string>> = {
  database: '',
  journal:
    ':warning: The database cannot be written just now. The kill stands in the emergency journal, where it outlives a restart, and is committed as soon as that works; please tell an operator.',
  nowhere:
    ':warning: It could not be written down, so it holds only while this process runs. That is tried on and on; please tell an operator now.',
};

export async function letGo(
  deps: AnswerDeps,
  asking: Asking,
  { name, reason }: Omit<Kill, 'confirmed'>,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, 'kill_off');
  const { inboxKey } = asking;
  const outcome = await throwKillSwitch(
    { ...deps, override: deps.snapshots },
    { name, intent: { to: 'off', by, reason }, inboxKey },
  );
  if (!outcome.ok) return outcome;
  return yes(`“${fromPerson(name)}” is off: agents may act again.`);
}
