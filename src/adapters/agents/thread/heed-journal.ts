import type { SnapshotMirror } from '#adapters/agents/thread/snapshot-mirror.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Journal } from '#store/port.ts';

const LOOK_MS = SECOND_MS / 4;

/**
 * What the command line wrote into the journal acts here from the next look on, also while the main
 * thread is stuck. Once a line is cleared its kill is committed, and the main thread has said so
 * before the look after that.
 */
export function heedJournal(
  mirror: Pick<SnapshotMirror, 'killNow'>,
  journal: Pick<Journal, 'pending'>,
): { readonly stop: () => void } {
  let heeded = new Map<string, { readonly letGo: () => void }>();
  const look = () => {
    const before = heeded;
    heeded = new Map(
      journal
        .pending('cli')
        .map(({ key, name }) => [key, before.get(key) ?? mirror.killNow(name)] as const),
    );
    for (const [key, kill] of before) if (!heeded.has(key)) setTimeout(kill.letGo, LOOK_MS);
  };
  const timer = setInterval(look, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}
