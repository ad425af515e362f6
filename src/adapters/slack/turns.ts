/**
 * One at a time for each message. Two effects may find the same card gone in the same moment, and
 * it has to come back once.
 */
export type Turns = <Answer>(subject: string, work: () => Promise<Answer>) => Promise<Answer>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (subject, work) => {
    const before = last.get(subject) ?? Promise.resolve();
    // Whether the one before went well is told to whoever asked for it.
    const mine = before.then(work, work);
    last.set(subject, mine);
    try {
      return await mine;
    } finally {
      if (last.get(subject) === mine) last.delete(subject);
    }
  };
}
