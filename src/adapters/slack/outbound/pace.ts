/**
 * A burst at once, then one an interval, for each bucket. Whoever has to wait gets a turn of their
 * own, so that a hundred waiting messages come back once each instead of all at every turn.
 */
export type Pace = {
  /** 0: go ahead. Otherwise how long to wait for the turn that is now reserved for this ticket. */
  readonly waitMs: (bucket: string, ticket: string) => number;
  /** Goes ahead of everybody; those behind wait longer for it. */
  readonly overtake: (bucket: string) => void;
  /** Nobody's turn for so long: Slack has said so. */
  readonly hold: (bucket: string, ms: number) => void;
};

export type PaceRules = { readonly burst: number; readonly intervalMs: number };

export function createPace({ burst, intervalMs }: PaceRules, monotonicMs: () => number): Pace {
  /** When each bucket would have paid for everything it let through. */
  const paidAtMs = new Map<string, number>();
  const turns = new Map<string, number>();
  const creditMs = (burst - 1) * intervalMs;
  const spend = (bucket: string, nowMs: number) => {
    const before = Math.max(nowMs, paidAtMs.get(bucket) ?? nowMs);
    paidAtMs.set(bucket, before + intervalMs);
    return before;
  };
  return {
    waitMs: (bucket, ticket) => {
      const nowMs = monotonicMs();
      const turn = turns.get(ticket) ?? spend(bucket, nowMs) - creditMs;
      if (turn <= nowMs) {
        turns.delete(ticket);
        return 0;
      }
      turns.set(ticket, turn);
      return turn - nowMs;
    },
    overtake: (bucket) => {
      spend(bucket, monotonicMs());
    },
    hold: (bucket, ms) => {
      const until = monotonicMs() + ms + creditMs;
      paidAtMs.set(bucket, Math.max(until, paidAtMs.get(bucket) ?? until));
    },
  };
}
