import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { createGroups } from '#adapters/agents/thread/batch-groups.ts';
import type { Line } from '#adapters/agents/thread/line.ts';
import type { MainSide } from '#adapters/agents/thread/sides.ts';
import { createPace } from '#operations/pace.ts';

export type SendBatchDeps = {
  readonly main: Pick<Line<MainSide>, 'ask'>;
  readonly uniqueId: () => string;
  readonly monotonicMs: () => number;
};

/**
 * Short batches cross in groups, which are one commit each, and a long one part by part: each message
 * is stored in one turn of the main thread, and the next is not sent before it.
 */
export function createSendBatch({
  main,
  uniqueId,
  monotonicMs,
}: SendBatchDeps): AgentDeps['ingest'] {
  const paced = createPace(monotonicMs);
  const sendInGroup = createGroups(paced, (batches) => main.ask('ingestTogether', batches));
  return async (batch) => {
    const { parts, at } = batch;
    if (parts.length <= 1) return await sendInGroup(batch);
    const staged = uniqueId();
    for (const part of parts) {
      await paced(() => main.ask('stageLogs', { batch: staged, part, at }));
    }
    return await main.ask('ingest', { ...batch, parts: [], staged });
  };
}
