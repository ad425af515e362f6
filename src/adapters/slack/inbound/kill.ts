import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { obedienceWords } from '#adapters/slack/inbound/obedience-words.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import type { Asker } from '#domain/actor.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import { type Result, yes } from '#domain/result.ts';
import { switchName } from '#domain/snapshot.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';

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
  const isWritten = await throwIt(deps, asking, { name, reason, by });
  if (!isWritten.ok) return isWritten;
  const obeyed = await within(OBEDIENCE_MS_MAX, deps.obedienceOf(name));
  const { words, meant } = obedienceWords(name, obeyed, deps.clock());
  const begin = `“${fromPerson(name)}” is on: agents are told to stop.`;
  const text = [isWritten.value ? begin : `${begin} ${NOT_WRITTEN}`, words].join(' ');
  return yes({ what: 'killed', words: text, ...(meant !== undefined && { meant }) });
}

const NOT_WRITTEN =
  ':warning: It could not be written down, so it holds only while this process runs. Please tell an operator now, and throw it again in a minute.';

type Thrown = { readonly name: string; readonly reason: string; readonly by: Asker };

/** True once it is durable; false when agents obey already but the commit has failed. */
async function throwIt(deps: AnswerDeps, { inboxKey }: Asking, { name, reason, by }: Thrown) {
  try {
    const intent = { to: 'on', by, reason } as const;
    const outcome = await throwKillSwitch(
      { store: deps.store, clock: deps.clock, override: deps.snapshots },
      { name, intent, inboxKey },
    );
    return outcome.ok ? yes(true) : outcome;
  } catch (error) {
    const snapshot = deps.snapshots.current();
    if (!snapshot.kills.has(switchName(snapshot, name))) throw error;
    deps.log.error({ killswitch: name, err: error }, 'A kill acts but could not be committed');
    return yes(false);
  }
}

export async function letGo(
  deps: AnswerDeps,
  asking: Asking,
  { name, reason }: Omit<Kill, 'confirmed'>,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, 'kill_off');
  const { inboxKey } = asking;
  const outcome = await throwKillSwitch(
    { store: deps.store, clock: deps.clock, override: deps.snapshots },
    { name, intent: { to: 'off', by, reason }, inboxKey },
  );
  if (!outcome.ok) return outcome;
  return yes(`“${fromPerson(name)}” is off: agents may act again.`);
}
