import type { AcceptRequest, ControlAnswer, KillRequest } from '#adapters/control-socket.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { trusted } from '#domain/actor.ts';
import { type AcceptDeps, acceptRegister } from '#operations/doubt-register.ts';
import { type KillDeps, type Thrown, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type ControlDeps = KillDeps & {
  /** The name that the switch has everywhere: `writes` for `writes/production` in production. */
  readonly usualName: (typed: string) => string;
  /** What a kill does from now on, whatever was written: `acts: agents are told to stop`. */
  readonly inForce: string;
};

/** A kill switch from the command line: whoever may open the socket has access to the machine. */
export async function answerControl(
  deps: ControlDeps,
  { to, name: typed, reason, by, key }: KillRequest,
): Promise<ControlAnswer> {
  const name = deps.usualName(typed.toLowerCase().replace(/^kill\./, ''));
  const intent = { to, by: fromHere(by), reason } as const;
  try {
    const outcome = await throwKillSwitch(deps, { name, intent, inboxKey: key });
    if (outcome.ok) return thrownWords(deps, { to, name }, outcome.value);
    // It is on, as was asked: nothing is wrong.
    const isFine = outcome.refusal.code === (to === 'on' ? 'already_on' : 'already_off');
    return { ok: isFine, words: refusalWords(outcome.refusal) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const unsaid = `Nothing was done, since it cannot be written down (${why}).`;
    return { ok: false, words: outageWords(error) ?? unsaid };
  }
}

/** A register that does not fit its checkpoints is accepted by whoever has access to the machine. */
export async function answerAccept(
  deps: AcceptDeps,
  { reason, by }: AcceptRequest,
): Promise<ControlAnswer> {
  const outcome = await acceptRegister(deps, { by: fromHere(by), reason });
  if (!outcome.ok) return { ok: false, words: refusalWords(outcome.refusal) };
  return { ok: true, words: 'The register is accepted as it is, and a new checkpoint is written.' };
}

const fromHere = (login: string) => trusted({ kind: 'cli', id: login }, { via: 'command_line' });

/** Whoever stops something must hear whether it acts, and whether it outlives a restart. */
function thrownWords(
  { inForce }: ControlDeps,
  { to, name }: Pick<KillRequest, 'to' | 'name'>,
  thrown: Thrown,
): ControlAnswer {
  if (thrown.written === 'database') return { ok: true, words: `Kill switch ${name} is ${to}.` };
  const acts = `Kill switch ${name} ${inForce}. But the database cannot be written (${thrown.why}),`;
  return thrown.written === 'journal'
    ? {
        ok: true,
        words: `${acts} so it stands in the emergency journal, where it outlives a restart, and is committed as soon as that works.`,
      }
    : {
        ok: false,
        words: `${acts} nor can the emergency journal, so it holds only while this process runs. That is tried on and on; make room on the disk, or repair it.`,
      };
}
