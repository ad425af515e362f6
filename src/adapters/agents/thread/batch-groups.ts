import type { AgentLogBatch, Ingested } from '#operations/ingest-agent-logs.ts';
import type { Pace } from '#operations/pace.ts';

/** So much is stored within a few milliseconds; a batch of one part is never more. */
const ITEMS_A_GROUP = 500;
const ROLL_UPS_A_GROUP = 40;

type Store = (batches: readonly AgentLogBatch[]) => Promise<readonly Ingested[]>;
type Waiting = {
  readonly batch: AgentLogBatch;
  readonly answer: PromiseWithResolvers<Ingested>;
};

/** What arrives while others are being stored is stored together afterwards. */
export function createGroups(paced: Pace, store: Store) {
  const waiting: Waiting[] = [];
  let isStoring = false;

  const storeNext = async () => {
    const group = waiting.splice(0, sizeOfGroup(waiting));
    await storeGroup(store, group).catch(async (problem: unknown) => {
      const [only] = group;
      if (only && group.length === 1) return only.answer.reject(problem);
      // Nothing of them was kept, and one that can never be must not hurt the others.
      for (const one of group) await storeGroup(store, [one]).catch(one.answer.reject);
    });
  };
  const storeAll = async () => {
    isStoring = true;
    while (waiting.length > 0) await paced(storeNext);
    isStoring = false;
  };
  return (batch: AgentLogBatch): Promise<Ingested> => {
    const answer = Promise.withResolvers<Ingested>();
    waiting.push({ batch, answer });
    if (!isStoring) void storeAll();
    return answer.promise;
  };
}

async function storeGroup(store: Store, group: readonly Waiting[]): Promise<void> {
  const answers = await store(group.map(({ batch }) => batch));
  for (const [at, { answer }] of group.entries()) {
    // One answer comes back for each batch.
    answer.resolve(answers[at] as Ingested);
  }
}

/** At least one, however large it is. */
function sizeOfGroup(waiting: readonly Waiting[]): number {
  let [items, rollUps] = [0, 0];
  const isFull = ({ batch: { parts } }: Waiting) => {
    for (const part of parts) {
      rollUps += part.rollUps.length;
      for (const { counts } of part.rollUps) items += counts.requests;
    }
    return items > ITEMS_A_GROUP || rollUps > ROLL_UPS_A_GROUP;
  };
  const size = waiting.findIndex(isFull);
  return size < 0 ? waiting.length : Math.max(1, size);
}
