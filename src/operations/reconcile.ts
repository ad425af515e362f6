import type { Effect } from '#domain/effect.ts';
import { later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import { createTurns, type TakeTurn } from '#operations/turns.ts';
import { type Outbox, type Owed, SHARES, type Share, WAIT_MS_MAX } from '#store/port.ts';

/** Carries out one kind of effect; it throws when that did not work, and may be called again. */
export type CarryOut = (effect: Effect, owed: Owed) => Promise<void>;

export type ReconcileDeps = {
  readonly outbox: Outbox;
  readonly carryOut: CarryOut;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Says when to try again, for what could not be delivered for a known time (a limit, a pause). */
export class TryLater extends Error {
  readonly waitMs: number;
  constructor(message: string, waitMs: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TryLater';
    this.waitMs = waitMs;
  }
}

/** Of each share: sixty-four messages that hang in Slack keep no traffic from being set. */
const AT_ONCE = 64;

export type Reconciler = {
  /** Something may be owed: look soon. */
  readonly wake: () => void;
  /** Resolves once nothing that is due is left; for tests and for a clean stop. */
  readonly idle: () => Promise<void>;
};

/**
 * Level-triggered: each round looks at what is owed, not at what was signalled, so a lost signal
 * costs time and nothing else. Within a lane order is kept; lanes do not wait for each other.
 */
export function createReconciler(deps: ReconcileDeps): Reconciler {
  const busy = new Map<string, Promise<void>>();
  const shares = SHARES.map((share) => ({ share, turn: createTurns() }));
  let round: Promise<void> | undefined;

  const takeOn = (share: Share, turn: TakeTurn) => {
    for (const owed of deps.outbox.due(share, deps.clock(), AT_ONCE)) {
      if (busy.has(owed.lane)) continue;
      const delivered = turn().then(() => deliver(deps, owed));
      const work = delivered.then(wake, (error: unknown) =>
        // The row is as it was, and is looked at again when somebody wakes us.
        deps.log.error({ err: error }, 'The outbox cannot be written'),
      );
      busy.set(
        owed.lane,
        work.finally(() => busy.delete(owed.lane)),
      );
    }
  };
  const takeRound = () => {
    round = undefined;
    try {
      for (const { share, turn } of shares) takeOn(share, turn);
    } catch (err) {
      // Nobody waits for this round, and the next one looks at the same.
      deps.log.error({ err }, 'The outbox cannot be read');
    }
  };
  // Many commits in one turn of the event loop need one look.
  const wake = () => {
    round ??= new Promise((resolve) => {
      setImmediate(() => {
        takeRound();
        resolve();
      });
    });
  };
  return {
    wake,
    idle: async () => {
      while (round || busy.size > 0) await Promise.all([round, ...busy.values()]);
    },
  };
}

async function deliver({ outbox, carryOut, clock, log }: ReconcileDeps, owed: Owed): Promise<void> {
  // The try is on file before it is made: after a crash nobody can tell whether it went out.
  outbox.trying(owed);
  try {
    await carryOut(owed.effect, owed);
    outbox.done(owed, clock());
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const waitMs = error instanceof TryLater ? error.waitMs : backOffMs(owed.tries);
    outbox.retry(owed, later(clock(), Math.min(waitMs, WAIT_MS_MAX)), problem);
    // Waiting one's turn is no trouble that anybody has to look at.
    if (error instanceof TryLater) return;
    const { effect, tries } = owed;
    log.warn({ effect, tries: tries + 1, waitMs, problem }, 'An effect failed and is tried again');
  }
}

/** 1, 2, 4 … seconds up to a minute. What is owed is tried for ever. */
const backOffMs = (tries: number) => Math.min(MINUTE_MS, SECOND_MS * 2 ** Math.min(tries, 6));
