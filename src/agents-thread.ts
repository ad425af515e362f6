/** The thread that answers agents: started by the main one, and alive whatever that one is busy with. */
import '#keep-compiled.js';
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { asInstant } from '#domain/time.ts';

const { giveBackMemory } = await import('#give-back.ts');
const { runAgentsThread } = await import('#adapters/agents/thread/run-agents-thread.ts');

if (!parentPort) throw new Error('agents-thread.ts is started by src/main.ts, as a thread of it.');
runAgentsThread(parentPort, workerData, {
  clock: () => asInstant(Date.now()),
  monotonicMs: () => performance.now(),
  uniqueId: randomUUID,
});
giveBackMemory();
