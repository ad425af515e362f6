import { decideKill, type KillIntent, type KillSwitch, untouched } from '#domain/killswitch.ts';
import { isName } from '#domain/name.ts';
import { whyNot } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed, Journal, JournaledKill } from '#store/port.ts';

export type KillDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly override: KillOverride;
  readonly journal: Journal;
  readonly uniqueId: () => string;
};

/** Kills that agents obey before anything else can fail; see adapters/agents/snapshot-holder.ts. */
export type KillOverride = {
  readonly killNow: (name: string) => void;
  /** Are agents told to stop at this moment, whatever was written? */
  readonly acts: (name: string) => boolean;
  readonly revision: () => number;
  /** Forgets an override set at or before this revision, once switching off is durable. */
  readonly liftKill: (name: string, asOfRevision: number) => void;
};

export type KillWish = {
  readonly name: string;
  readonly intent: KillIntent;
  readonly inboxKey?: string;
};

/** Where a kill stands: committed, safe in the journal until it is, or in memory alone so far. */
export type Thrown =
  | { readonly written: 'database'; readonly repeated: boolean }
  | { readonly written: 'journal' | 'nowhere'; readonly why: string };

/**
 * The kill path. A kill acts in memory, then it is made durable in the journal, and only then is it
 * committed: neither a full disk nor a locked or damaged database may keep agents running. What
 * could not be committed yet is tried again for ever. Switching off is only believed once it is
 * durable, so an outage throws.
 */
export async function throwKillSwitch(
  deps: KillDeps,
  wish: KillWish,
): Promise<Result<Thrown, Refusal>> {
  const { intent, name, inboxKey } = wish;
  const at = deps.clock();
  if (intent.to === 'off') {
    // A kill that is still in the journal would come back after the end of this one.
    await settleKills(deps);
    return written(await commit(deps, { name, intent, at, ...(inboxKey && { inboxKey }) }));
  }
  const taken = takeKill(deps, wish, at);
  // It will be refused, which stands in the register too.
  if (!taken) return written(await commit(deps, { ...wish, at }));
  try {
    return written(await commitKill(deps, taken.kill));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return yes({ written: taken.isDurable ? 'journal' : 'nowhere', why });
  }
}

export type TakeDeps = Pick<KillDeps, 'override' | 'journal' | 'uniqueId'>;

/**
 * The part of a kill that needs no database, so that any thread can do it: it acts, and it is
 * durable. Undefined when it is not allowed, by the same rules as its commit.
 */
export function takeKill(
  { override, journal, uniqueId }: TakeDeps,
  { name, intent, inboxKey }: KillWish,
  at: Instant,
): { readonly kill: JournaledKill; readonly isDurable: boolean } | undefined {
  if (!isName(name) || isForbidden(name, intent, at)) return undefined;
  override.killNow(name);
  const { by, reason, becauseOfRelease } = intent;
  const key = inboxKey ?? `kill:${uniqueId()}`;
  const kill: JournaledKill = {
    ...{ key, at, name, by, reason },
    ...(becauseOfRelease !== undefined && { becauseOfRelease }),
  };
  return { kill, isDurable: journal.append(kill) };
}

/** The same rules as the commit's, asked of a switch that is off, so that nothing is read first. */
function isForbidden(name: string, intent: KillIntent, at: Instant): boolean {
  return whyNot(intent.by, 'kill_on') !== undefined || !decideKill(untouched(name), intent, at).ok;
}

/**
 * Kills that another thread or process has taken, or this one before it was restarted, act from
 * here on. Gives back how many are pending.
 */
export function recallKills({ journal, override }: Pick<KillDeps, 'journal' | 'override'>): number {
  const pending = journal.pending();
  for (const { name } of pending) if (!override.acts(name)) override.killNow(name);
  return pending.length;
}

/** Commits every kill that is pending, and throws what kept it from committing them all. */
export async function settleKills(deps: KillDeps): Promise<void> {
  const failures: unknown[] = [];
  recallKills(deps);
  for (const kill of deps.journal.pending())
    await commitKill(deps, kill, deps.clock()).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function commitKill(
  deps: KillDeps,
  { key, at, name, ...how }: JournaledKill,
  recordedAt?: Instant,
): Promise<Result<Committed<KillSwitch>, Refusal>> {
  const intent = { to: 'on', ...how, ...(recordedAt !== undefined && { recordedAt }) } as const;
  const outcome = await commit(deps, { name, intent, at, inboxKey: key });
  deps.journal.clear(key);
  return outcome;
}

type Decided = KillWish & { readonly at: Instant };

async function commit(
  { store, override }: KillDeps,
  { name, intent, at, inboxKey }: Decided,
): Promise<Result<Committed<KillSwitch>, Refusal>> {
  const revision = override.revision();
  const actor = intent.by.actor;
  const asked = { at, actor, action: `kill_${intent.to}`, target: { killswitch: name } };
  const outcome = await store.change(
    { kind: 'killswitch', name },
    (killSwitch) => {
      if (!isName(name)) return no(refused({ code: 'bad_name', name, kind: 'killswitch' }, asked));
      const decision = decideKill(killSwitch, intent, at);
      return decision.ok ? decision : no(refused(decision.refusal, asked));
    },
    {
      ...requestOf({ by: intent.by, inboxKey }, at),
      ...(intent.to === 'on' && { isRetried: true, isStop: true }),
    },
  );
  if (isOffOnFile(outcome, intent)) override.liftKill(name, revision);
  return outcome;
}

/**
 * Only what the file says lifts an override: it was switched off just now, it was off although a
 * kill that could not be written down still acts, or a kill that is over was delivered again.
 */
function isOffOnFile(outcome: Result<Committed<KillSwitch>, Refusal>, { to }: KillIntent): boolean {
  if (!outcome.ok) return outcome.refusal.code === 'already_off';
  const { state, repeated } = outcome.value;
  return !state.isOn && (to === 'off' ? !repeated : repeated);
}

const written = (outcome: Result<Committed<KillSwitch>, Refusal>): Result<Thrown, Refusal> =>
  outcome.ok ? yes({ written: 'database', repeated: outcome.value.repeated }) : outcome;
