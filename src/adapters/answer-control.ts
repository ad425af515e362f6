import type { ControlAnswer, ControlRequest } from '#adapters/control-socket.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { trusted } from '#domain/actor.ts';
import { type KillDeps, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type ControlDeps = KillDeps & {
  /** The name that the switch has everywhere: `writes` for `writes/production` in production. */
  readonly usualName: (typed: string) => string;
};

/** A kill switch from the command line: whoever may open the socket has access to the machine. */
export async function answerControl(
  deps: ControlDeps,
  { to, name: typed, reason, by }: ControlRequest,
): Promise<ControlAnswer> {
  const name = deps.usualName(typed.toLowerCase().replace(/^kill\./, ''));
  const intent = { to, by: trusted({ kind: 'cli', id: by }), reason } as const;
  const outcome = await throwKillSwitch(deps, { name, intent });
  if (outcome.ok) return { ok: true, words: `Kill switch ${name} is ${to}.` };
  // It is on, as was asked: nothing is wrong.
  const isFine = outcome.refusal.code === (to === 'on' ? 'already_on' : 'already_off');
  return { ok: isFine, words: refusalWords(outcome.refusal) };
}
