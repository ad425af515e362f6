import type { AgentDeps, KillRequest } from '#adapters/agents/agent-deps.ts';
import type { SnapshotMirror } from '#adapters/agents/thread/snapshot-mirror.ts';
import { trusted } from '#domain/actor.ts';
import { yes } from '#domain/result.ts';
import { type Instant, SECOND_MS } from '#domain/time.ts';
import type { Journal } from '#store/port.ts';

/** Whoever throws a kill should not wait longer to hear that it acts and is in the journal alone. */
const COMMIT_MS_MAX = SECOND_MS;

export type KillHereDeps = {
  readonly mirror: Pick<SnapshotMirror, 'killNow'>;
  readonly journal: Pick<Journal, 'append' | 'clear'>;
  readonly clock: () => Instant;
  readonly uniqueId: () => string;
  /** The main thread's way; the same key makes it the same kill. */
  readonly commit: (
    request: KillRequest & { readonly key: string },
  ) => ReturnType<AgentDeps['killOn']>;
};

/**
 * A kill over HTTP is in force in this thread, and durable, before the main one hears of it:
 * whatever holds that one up must not keep agents running. Our word stands until the main thread has
 * answered, however late; from then on the switch is what its snapshot says.
 */
export function createKillOn(deps: KillHereDeps): AgentDeps['killOn'] {
  const { mirror, journal, clock, uniqueId, commit } = deps;
  return async (request) => {
    const { name, reason, by } = request;
    const kill = mirror.killNow(name);
    const key = `kill:${uniqueId()}`;
    const durable = journal.append({
      key,
      at: clock(),
      name,
      by: trusted(by, { via: 'http' }),
      reason,
    });
    const decided = commit({ ...request, key }).then((answer) => {
      if (!answer.ok) journal.clear(key);
      return answer;
    });
    const committed = decided.finally(kill.letGo);
    const late = Promise.withResolvers<Awaited<typeof committed>>();
    const notYet = () => late.resolve(yes({ already: false, durable }));
    const timer = setTimeout(notYet, COMMIT_MS_MAX);
    return await Promise.race([committed, late.promise]).finally(() => clearTimeout(timer));
  };
}
