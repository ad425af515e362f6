import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { Line } from '#adapters/agents/thread/line.ts';
import type { MainSide } from '#adapters/agents/thread/sides.ts';

/** A long batch crosses part by part, each in a turn of the main thread. */
export function createSendBatch(
  main: Pick<Line<MainSide>, 'ask'>,
  uniqueId: () => string,
): AgentDeps['ingest'] {
  return async (batch) => {
    const { parts, at } = batch;
    if (parts.length <= 1) return await main.ask('ingest', batch);
    const staged = uniqueId();
    for (const part of parts) await main.ask('stageLogs', { batch: staged, part, at });
    return await main.ask('ingest', { ...batch, parts: [], staged });
  };
}
