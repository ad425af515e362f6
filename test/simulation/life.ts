/** The life of one process. It may end between any two calls that leave it, as kill -9 ends it. */

export type Life = {
  readonly isAlive: () => boolean;
  /** Passed before and after each call to the outside; false once there is nobody to go on. */
  readonly goesOn: () => boolean;
  readonly endAfterCalls: (calls: number) => void;
};

export function createLife(onEnd: () => void): Life {
  let callsLeft = Number.POSITIVE_INFINITY;
  const isAlive = () => callsLeft > 0;
  return {
    isAlive,
    goesOn: () => {
      if (!isAlive()) return false;
      callsLeft -= 1;
      if (isAlive()) return true;
      onEnd();
      return false;
    },
    endAfterCalls: (calls) => {
      if (isAlive()) callsLeft = Math.min(callsLeft, calls);
    },
  };
}

/** What a dead process waits for: a promise of its own, or one would hold all the dead in memory. */
const never = () => new Promise<never>(() => {});

/** A call that waits for its answer: the process may end before it is made, or before it is heard. */
export async function asking<Answer>(life: Life, call: () => Promise<Answer>): Promise<Answer> {
  if (!life.goesOn()) return await never();
  try {
    const answer = await call();
    return life.goesOn() ? answer : await never();
  } catch (error) {
    if (!life.goesOn()) return await never();
    throw error;
  }
}

/** A call that does not wait. What runs on without a process must not change anything any more. */
export function calling<Answer>(life: Life, call: () => Answer): Answer {
  if (!life.goesOn()) throw new Error('The process is gone');
  const answer = call();
  if (!life.goesOn()) throw new Error('The process is gone');
  return answer;
}
