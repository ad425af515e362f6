/**
 * Which effects may have gone out although nobody heard of it. Slack takes no idempotency key, so
 * these are looked up before they are sent again. What this process knows for sure, it remembers;
 * after a restart every effect that was tried before is in doubt.
 */
import type { Owed } from '#store/port.ts';

export type Doubts = ReturnType<typeof createDoubts>;

export function createDoubts() {
  const surelyNotSent = new Set<number>();
  return {
    /** Called first for each try: before the first one nothing can have gone out. */
    begin: ({ id, tries }: Owed) => {
      if (tries === 0) surelyNotSent.add(id);
    },
    mayHaveGoneOut: ({ id }: Owed) => !surelyNotSent.has(id),
    isNotSent: ({ id }: Owed) => {
      surelyNotSent.add(id);
    },
    /** From here on nobody knows, until Slack has answered. */
    isBeingSent: ({ id }: Owed) => {
      surelyNotSent.delete(id);
    },
    isDone: ({ id }: Owed) => {
      surelyNotSent.delete(id);
    },
  };
}
