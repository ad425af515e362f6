import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { SnapshotMirror } from '#adapters/agents/thread/snapshot-mirror.ts';
import { yes } from '#domain/result.ts';
import { SECOND_MS } from '#domain/time.ts';

/** Whoever throws a kill should not wait longer to hear that it acts but is not on file. */
const COMMIT_MS_MAX = 2 * SECOND_MS;

/**
 * A kill over HTTP is in force in this thread before the main one hears of it: whatever holds that
 * one up must not keep agents running. Our word stands until the main thread has answered, however
 * late; from then on the switch is what its snapshot says.
 */
export function createKillOn(
  mirror: Pick<SnapshotMirror, 'killNow'>,
  commit: AgentDeps['killOn'],
): AgentDeps['killOn'] {
  return async (request) => {
    const kill = mirror.killNow(request.name);
    const committed = commit(request).finally(kill.letGo);
    const late = Promise.withResolvers<Awaited<typeof committed>>();
    const notYet = () => late.resolve(yes({ already: false, durable: false }));
    const timer = setTimeout(notYet, COMMIT_MS_MAX);
    return await Promise.race([committed, late.promise]).finally(() => clearTimeout(timer));
  };
}
