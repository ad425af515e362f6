/** What agents are answered before and after a commit: nobody may lose or get what they should not. */
import { evaluate, versionKey } from '#domain/evaluation.ts';
import { isServing, weightOf } from '#domain/release.ts';
import type { Service } from '#domain/service.ts';
import { type Snapshot, viewOf } from '#domain/snapshot.ts';

const KEYS = Array.from({ length: 24 }, (_, index) => `user-${index}`);

/** Says what is wrong with the answers after a change, or nothing. */
export function compareAnswers(
  before: Snapshot,
  after: Snapshot,
  was: Service | undefined,
  is: Service,
): string | undefined {
  if (before === after) return undefined;
  const candidate = is.live?.facts.candidate ?? is.crowned?.facts.candidate;
  const isLocked = (version: string) =>
    is.locks.some((lock) => lock.version === version && !lock.unlocked);
  const isRising =
    was?.live !== undefined &&
    isServing(was.live) &&
    (is.live
      ? isServing(is.live) && weightOf(is.live) >= weightOf(was.live)
      : is.stable === candidate);
  for (const key of KEYS) {
    const version = answer(after, is.name, key);
    if (isLocked(version)) return `${key} was given ${version}, which is locked`;
    if (isRising && candidate === answer(before, is.name, key) && version !== candidate)
      return `${key} lost ${candidate} while its weight rose`;
    const isServed = (is.live && isServing(is.live)) || is.stable === candidate;
    if (!isServed && version === candidate)
      return `${key} was given ${candidate}, which has no share`;
  }
  return undefined;
}

function answer(snapshot: Snapshot, service: string, targetingKey: string): string {
  const found = evaluate(viewOf(snapshot, 'production'), versionKey(service), { targetingKey });
  return found.ok ? String(found.value.value) : '';
}
