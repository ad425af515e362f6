import type { ControlAnswer, ControlRequest } from '#adapters/control-socket.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { trusted } from '#domain/actor.ts';
import type { Logger } from '#operations/logger.ts';
import { type KillDeps, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type ControlDeps = KillDeps & {
  /** The name that the switch has everywhere: `writes` for `writes/production` in production. */
  readonly usualName: (typed: string) => string;
  /** Are agents told to stop at this moment, whatever was written? */
  readonly acts: (name: string) => boolean;
  readonly log: Pick<Logger, 'error'>;
};

/** A kill switch from the command line: whoever may open the socket has access to the machine. */
export async function answerControl(
  deps: ControlDeps,
  { to, name: typed, reason, by }: ControlRequest,
): Promise<ControlAnswer> {
  const name = deps.usualName(typed.toLowerCase().replace(/^kill\./, ''));
  const intent = { to, by: trusted({ kind: 'cli', id: by }), reason } as const;
  try {
    const outcome = await throwKillSwitch(deps, { name, intent });
    if (outcome.ok) return { ok: true, words: `Kill switch ${name} is ${to}.` };
    // It is on, as was asked: nothing is wrong.
    const isFine = outcome.refusal.code === (to === 'on' ? 'already_on' : 'already_off');
    return { ok: isFine, words: refusalWords(outcome.refusal) };
  } catch (error) {
    return unwritten(deps, { to, name }, error);
  }
}

/** The disk may be full, or the file locked: whoever stops something must hear whether it acts. */
function unwritten(
  { acts, log }: ControlDeps,
  { to, name }: Pick<ControlRequest, 'to' | 'name'>,
  error: unknown,
): ControlAnswer {
  const why = error instanceof Error ? error.message : String(error);
  if (to === 'off' || !acts(name))
    return { ok: false, words: `Nothing was done, since it cannot be written down (${why}).` };
  log.error({ killswitch: name, err: error }, 'A kill acts but could not be committed');
  return {
    ok: false,
    words:
      `Kill switch ${name} acts: agents are told to stop. But it cannot be written down (${why}), ` +
      'so it holds only while this process runs. Throw it again once that is repaired.',
  };
}
