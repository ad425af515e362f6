import type { Asker } from '#domain/actor.ts';
import { shadowOf } from '#domain/drill.ts';
import { isName } from '#domain/name.ts';
import { whyNot } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Snapshot } from '#domain/snapshot.ts';
import type { Clock } from '#operations/clock.ts';
import { noteDrill, refuse } from '#operations/note-drill.ts';
import type { KillOverride } from '#operations/throw-kill-switch.ts';
import type { ChangeStore, Journal } from '#store/port.ts';

/** Who hears of a kill, as far as it is known. */
type Audience = { readonly streams: number; readonly pollers?: { readonly clients: number } };

export type KillDrillDeps<Heard extends Audience> = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
  readonly override: Pick<KillOverride, 'killNow' | 'liftKill' | 'revision'> & {
    readonly current: () => Snapshot;
  };
  readonly journal: Pick<Journal, 'tryWriting'>;
  /** Does whoever answers agents answer with this switch? Undefined when that took too long. */
  readonly isAnswered: (name: string) => Promise<boolean | undefined>;
  readonly heardOf: (name: string) => Promise<Heard | undefined>;
};

export type KillDrill<Heard> = {
  /** From the override until agents are answered with it; undefined when they were not in time. */
  readonly actsMs?: number;
  readonly isDurable: boolean;
  readonly durableMs: number;
  readonly heard?: Heard;
};

export type DrillWish = { readonly name: string; readonly by: Asker; readonly inboxKey: string };

/**
 * Rehearses a kill on the way that real ones take: in memory, to whoever answers agents, into the
 * journal. A kill path that never runs is one that nobody knows to work. Nothing is stopped, since
 * the switch that is thrown is one that no agent asks for.
 */
export async function drillKill<Heard extends Audience>(
  deps: KillDrillDeps<Heard>,
  { name, by, inboxKey }: DrillWish,
): Promise<Result<KillDrill<Heard>, Refusal>> {
  const asked = { by, action: 'kill_drill', target: { killswitch: name }, inboxKey };
  const forbidden: Refusal | undefined = isName(name)
    ? whyNot(by, 'kill_on')
    : { code: 'bad_name', name, kind: 'killswitch' };
  if (forbidden) return await refuse(deps, forbidden, asked);
  const drill = await rehearse(deps, name);
  await noteDrill(deps, { ...asked, ...entryOf(drill) });
  return yes(drill);
}

async function rehearse<Heard extends Audience>(
  { override, journal, monotonicMs, isAnswered, heardOf }: KillDrillDeps<Heard>,
  name: string,
): Promise<KillDrill<Heard>> {
  const shadow = shadowOf(override.current(), name);
  const startedMs = monotonicMs();
  const sinceMs = () => Math.ceil(monotonicMs() - startedMs);
  override.killNow(shadow);
  const revision = override.revision();
  try {
    const answered = isAnswered(shadow);
    const isDurable = journal.tryWriting();
    const durableMs = sinceMs();
    const acts = await answered;
    const actsMs = sinceMs();
    const heard = await heardOf(name);
    return { isDurable, durableMs, ...(acts && { actsMs }), ...(heard && { heard }) };
  } finally {
    override.liftKill(shadow, revision);
  }
}

function entryOf({ actsMs, isDurable, durableMs, heard }: KillDrill<Audience>) {
  const isDone = actsMs !== undefined && isDurable;
  return {
    outcome: isDone ? ('done' as const) : ('failed' as const),
    reason: isDone ? 'rehearsed, nothing was stopped' : 'a kill would not have worked as it should',
    details: {
      acts_ms: actsMs ?? null,
      journal_ms: isDurable ? durableMs : null,
      streams: heard?.streams ?? null,
      pollers: heard?.pollers?.clients ?? 0,
    },
  };
}
