/**
 * A burst at once, then one an interval, for each bucket. Whoever has to wait gets a turn of their
 * own, so that a hundred waiting messages come back once each instead of all at every turn.
 */
export type Pace = {
  /** 0: go ahead. Otherwise how long to wait for the turn that is now reserved for this ticket. */
  readonly waitMs: (bucket: string, ticket: string) => number;
  /** Puts the ticket before all that wait, but for those who came forward earlier. */
  readonly comeForward: (bucket: string, ticket: string) => void;
  /** Goes ahead of everybody at once; those behind wait longer for it. */
  readonly overtake: (bucket: string) => void;
  /** Nobody's turn for so long: Slack has said so to this ticket, which then comes first. */
  readonly hold: (bucket: string, ms: number, ticket?: string) => void;
  /** The bucket has another name from now on; turns stay what they are. */
  readonly rename: (from: string, to: string) => void;
};

export type PaceRules = { readonly burst: number; readonly intervalMs: number };

type Turn = { readonly bucket: string; readonly atMs: number; readonly isForward?: true };

export function createPace({ burst, intervalMs }: PaceRules, monotonicMs: () => number): Pace {
  /** When each bucket would have paid for everything it let through. */
  const paidAtMs = new Map<string, number>();
  const turns = new Map<string, Turn>();
  const creditMs = (burst - 1) * intervalMs;
  const spend = (bucket: string, nowMs: number) => {
    const before = Math.max(nowMs, paidAtMs.get(bucket) ?? nowMs);
    paidAtMs.set(bucket, before + intervalMs);
    return before;
  };
  const waitingIn = (bucket: string, nowMs: number) =>
    [...turns].filter(([, turn]) => turn.bucket === bucket && turn.atMs > nowMs);
  const putBack = (waiting: readonly (readonly [string, Turn])[], byMs = intervalMs) => {
    for (const [ticket, turn] of waiting) turns.set(ticket, { ...turn, atMs: turn.atMs + byMs });
  };
  return {
    waitMs: (bucket, ticket) => {
      const nowMs = monotonicMs();
      const turn = turns.get(ticket) ?? { bucket, atMs: spend(bucket, nowMs) - creditMs };
      if (turn.atMs <= nowMs) {
        turns.delete(ticket);
        return 0;
      }
      turns.set(ticket, turn);
      return turn.atMs - nowMs;
    },
    comeForward: (bucket, ticket) => {
      const nowMs = monotonicMs();
      const mine = turns.get(ticket);
      const before = mine?.atMs ?? Number.POSITIVE_INFINITY;
      const [, behind] = parted(waitingIn(bucket, nowMs));
      const passed = behind.filter(([, turn]) => turn.atMs < before);
      if (passed.length === 0) return;
      // Whoever had a turn gives it up, so those after it are no later than before.
      if (!mine) spend(bucket, nowMs);
      const atMs = Math.min(...passed.map(([, turn]) => turn.atMs));
      putBack(passed);
      turns.set(ticket, { bucket, atMs, isForward: true });
    },
    overtake: (bucket) => {
      const nowMs = monotonicMs();
      spend(bucket, nowMs);
      putBack(waitingIn(bucket, nowMs));
    },
    hold: (bucket, ms, ticket) => {
      const nowMs = monotonicMs();
      const [forward, behind] = parted(waitingIn(bucket, nowMs));
      const atMs = Math.max(nowMs + ms, ...forward.map(([, turn]) => turn.atMs + intervalMs));
      const nextMs = ticket === undefined ? atMs : atMs + intervalMs;
      if (ticket !== undefined) turns.set(ticket, { bucket, atMs, isForward: true });
      const lateMs = Math.max(0, nextMs - Math.min(nextMs, ...behind.map(([, turn]) => turn.atMs)));
      putBack(behind, lateMs);
      const paid = (paidAtMs.get(bucket) ?? nowMs) + lateMs;
      paidAtMs.set(bucket, Math.max(paid, nextMs + creditMs));
    },
    rename: (from, to) => {
      const paid = paidAtMs.get(from);
      if (paid !== undefined) paidAtMs.set(to, Math.max(paid, paidAtMs.get(to) ?? paid));
      paidAtMs.delete(from);
      for (const [ticket, turn] of turns)
        if (turn.bucket === from) turns.set(ticket, { ...turn, bucket: to });
    },
  };
}

/** Those who came forward, and the others. */
const parted = (waiting: readonly (readonly [string, Turn])[]) =>
  [
    waiting.filter(([, turn]) => turn.isForward),
    waiting.filter(([, turn]) => !turn.isForward),
  ] as const;
