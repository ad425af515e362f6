import type { Telemetry } from '#adapters/telemetry.ts';
import type { Clock } from '#operations/clock.ts';
import type { DoubtHolder } from '#operations/doubt-register.ts';
import type { Logger } from '#operations/logger.ts';
import type { CommitListener, Journal, Outbox } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

/** Logs and counts each decision from what was committed, so that all three tell the same story. */
export function observeCommits(telemetry: Telemetry, log: Logger): CommitListener {
  return ({ audit, judged }) => {
    if (judged) {
      const { says, reason } = judged.verdict;
      telemetry.verdicts.inc({ says, reason });
    }
    if (!audit) return;
    const { actor, action, target, from, to, reason, outcome } = audit;
    log.info({ actor, action, target, from, to, reason, outcome }, 'Decided');
    if (action === 'rollback' && outcome === 'done')
      telemetry.rollbacks.inc({ service: target.service ?? '', by: actor.kind });
  };
}

type GaugedParts = {
  readonly queries: Queries;
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly doubt: DoubtHolder;
  readonly clock: Clock;
};

/** Gauges are read from the store when somebody looks, so they never drift from it. */
export function gaugesFromStore(
  telemetry: Telemetry,
  { queries, outbox, journal, clock, doubt }: GaugedParts,
): () => void {
  return () => {
    telemetry.releases.reset();
    for (const [phase, count] of queries.releasesByPhase())
      telemetry.releases.set({ phase }, count);
    telemetry.killsPending.set(journal.pending().length);
    const { count, oldest } = outbox.depth();
    telemetry.outboxDepth.set(count);
    telemetry.outboxAge.set(oldest === undefined ? 0 : (clock() - oldest) / 1_000);
    telemetry.registerInDoubt.set(doubt.current() ? 1 : 0);
  };
}
