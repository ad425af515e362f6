import { expect, test } from 'vitest';
import { createGroups } from '#adapters/agents/thread/batch-groups.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { rollUp } from '#domain/roll-up.ts';
import type { AgentLogBatch, Ingested } from '#operations/ingest-agent-logs.ts';
import { noon } from '#test/support/builders.ts';

const log: AgentLog = {
  ...{ service: 'support-agent', version: '2.3.3', at: noon, success: true, assigned: 'split' },
  ...{ toolCalls: 0, toolFailures: 0, injections: 0, unexpectedTools: 0 },
};
const aBatch = (digest: string, items = 1): AgentLogBatch => ({
  parts: [{ items: '[]', rollUps: rollUp(Array<AgentLog>(items).fill(log)) }],
  ...{ named: [], at: noon, digest },
});
const named = (batches: readonly AgentLogBatch[]) => batches.map(({ digest }) => digest).join('');
const answered = (batches: readonly AgentLogBatch[]): readonly Ingested[] =>
  batches.map(({ digest }) => ({
    outcome: 'recorded',
    unknown: [{ service: digest, version: '', items: 1, isServiceKnown: false }],
  }));

/** A store that answers when it is told to. */
function storing(store = async (batches: readonly AgentLogBatch[]) => answered(batches)) {
  const groups: string[] = [];
  const sent: PromiseWithResolvers<void>[] = [];
  const send = createGroups(
    (work) => work(),
    async (batches) => {
      groups.push(named(batches));
      const turn = Promise.withResolvers<void>();
      sent.push(turn);
      await turn.promise;
      return await store(batches);
    },
  );
  const answerAll = () => {
    for (const { resolve } of sent.splice(0)) resolve();
  };
  return { send, groups, answerAll };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('batches that arrive while others are stored are stored together', async () => {
  const { send, groups, answerAll } = storing();
  const answers = ['a', 'b', 'c'].map((digest) => send(aBatch(digest)));
  await settled();
  expect(groups).toEqual(['a']);
  answerAll();
  await settled();
  expect(groups).toEqual(['a', 'bc']);
  answerAll();
  const said = (await Promise.all(answers)).map(({ unknown: [one] }) => one?.service);
  expect(said).toEqual(['a', 'b', 'c']);
  void send(aBatch('d'));
  await settled();
  expect(groups).toEqual(['a', 'bc', 'd']);
});

test('no more of them than are stored within a few milliseconds', async () => {
  const { send, groups, answerAll } = storing();
  const sizes = { a: 1, b: 300, c: 200, d: 1, e: 500, f: 5 };
  for (const [digest, items] of Object.entries(sizes)) void send(aBatch(digest, items));
  for (let turn = 0; turn < 5; turn += 1) {
    await settled();
    answerAll();
  }
  expect(groups).toEqual(['a', 'bc', 'd', 'e', 'f']);
});

test('one that cannot be stored hurts no other', async () => {
  const { send, groups, answerAll } = storing(async (batches) => {
    if (named(batches).includes('c')) throw new Error('not this one');
    return answered(batches);
  });
  const answers = ['a', 'b', 'c', 'd'].map((digest) => send(aBatch(digest)));
  const outcomes = Promise.allSettled(answers);
  for (let turn = 0; turn < 5; turn += 1) {
    await settled();
    answerAll();
  }
  expect((await outcomes).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  ]);
  expect(groups).toEqual(['a', 'bcd', 'b', 'c', 'd']);
});
