import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { trusted } from '#domain/actor.ts';
import { no, yes } from '#domain/result.ts';
import { withFlag, withKill } from '#domain/snapshot.ts';
import { openJournal } from '#store/journal.ts';
import { aFlag, agentsThread, itemsOf } from '#test/support/agents.ts';
import { noon } from '#test/support/builders.ts';

type Json = { readonly [field: string]: unknown };
const anna = { targetingKey: 'anna' };
const why = { active: true, reason: 'double refunds' };

/** Another process asks while this thread does nothing but wait for its end. */
function askWhileBlocked(url: string, questions: readonly (readonly [string, object])[]) {
  const script = `
    const [url, questions] = process.argv.slice(1);
    const ask = ([path, body]) => fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    const answers = JSON.parse(questions).map(async (question) => (await ask(question)).json());
    answers.at(-1).then((last) => { console.log(JSON.stringify(last)); process.exit(0); });`;
  const words = ['--eval', script, url, JSON.stringify(questions)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Json;
}

test('agents are answered while the main thread is busy with something else', async () => {
  const { url } = await agentsThread();
  const question = ['/ofrep/v1/evaluate/flags/support-agent.version', { context: anna }] as const;
  expect(askWhileBlocked(url, [question])).toMatchObject({ value: '2.3.3' });
});

test('a kill over HTTP is in force before the main thread hears of it', async () => {
  const { url, asked, evaluate } = await agentsThread();
  const heard = askWhileBlocked(url, [
    ['/v1/killswitches/refunds', why],
    ['/ofrep/v1/evaluate/flags/kill.refunds', { context: {} }],
  ]);
  expect(heard).toMatchObject({ value: true });
  expect(asked).toEqual([]);
  await vi.waitFor(() => expect(asked).toMatchObject([{ name: 'refunds' }]));
  expect(await (await evaluate('kill.refunds', {})).json()).toMatchObject({ value: true });
});

test('a kill of the command line, in the journal, acts while the main thread is busy', async () => {
  const { url, journal: path } = await agentsThread();
  const onTrouble = (error: unknown) => expect(error).toBeUndefined();
  const journal = openJournal({ path, part: 'cli', onTrouble });
  onTestFinished(journal.close);
  const by = trusted({ kind: 'cli', id: 'ana' });
  journal.append({ key: 'cli:1', at: noon, name: 'refunds', by, reason: 'twice' });
  const ask = ['/ofrep/v1/evaluate/flags/kill.refunds', { context: {} }] as const;
  const isOn = () => askWhileBlocked(url, [ask])['value'] === true;
  expect([isOn(), isOn(), isOn(), isOn(), isOn()].some(Boolean)).toBe(true);
});

test('a kill that the main thread refuses is over with its answer', async () => {
  const { post, evaluate } = await agentsThread({
    killOn: async () => no({ code: 'forbidden', words: 'Not here.' }),
  });
  expect((await post('/v1/killswitches/refunds', why)).status).toBe(422);
  expect(await (await evaluate('kill.refunds', {})).json()).toMatchObject({ value: false });
});

test('a secret of a configuration that was reloaded is hidden before anything is written', async () => {
  const { thread, post, asked } = await agentsThread();
  thread.hide(['a-new-webhook-key']);
  const reason = 'read a-new-webhook-key in the log';
  await post('/v1/killswitches/refunds', { active: true, reason });
  await vi.waitFor(() => expect(asked).toMatchObject([{ reason: 'read [secret] in the log' }]));
});

test('whoever asks after a change gets the new answer, and hears who was told', async () => {
  const { snapshots, evaluate, thread } = await agentsThread();
  snapshots.update((snapshot) => withFlag(snapshot, 'new-search', aFlag({ state: 'on' })));
  snapshots.update((snapshot) => withKill(snapshot, 'writes', true));
  expect(await thread.obedienceOf('writes')).toMatchObject({ streams: 0, namesAsked: [] });
  expect(await thread.isKilled('writes')).toBe(true);
  expect(await thread.isKilled('refunds')).toBe(false);
  expect(await thread.trafficOf('support-agent')).toMatchObject({ stable: '2.3.3' });
  expect(await (await evaluate('new-search', anna)).json()).toMatchObject({ value: true });
  expect(await (await evaluate('kill.writes', {})).json()).toMatchObject({ value: true });
  snapshots.update((snapshot) => withFlag(snapshot, 'new-search', undefined));
  snapshots.update((snapshot) => withKill(snapshot, 'writes', false));
  expect(await thread.isKilled('writes')).toBe(false);
  expect((await evaluate('new-search', anna)).status).toBe(404);
});

test('logs, versions and proposals reach the main thread, and its answers come back', async () => {
  const { post, records } = await agentsThread({
    propose: async () => no({ code: 'release_in_progress', words: '#11 is under way.' }),
    registerVersion: async () => yes({ known: true }),
  });
  const about = { service: 'support-agent', version: '2.4.0' };
  const batch = await post('/v1/agent-logs', [{ ...about, version: 'v2.4.0', success: true }]);
  expect(await batch.json()).toMatchObject({ taken: 1, hints: [expect.any(String)] });
  expect(records.flatMap(itemsOf)).toMatchObject([{ version: 'v2.4.0' }]);
  expect((await post('/v1/versions', about)).status).toBe(200);
  const proposed = await post('/v1/releases', about);
  expect(proposed.status).toBe(409);
  expect(await proposed.json()).toMatchObject({ message: '#11 is under way.' });
});

test('a long batch crosses in parts and is whole on the other side', async () => {
  const { post, records } = await agentsThread();
  const items = Array.from({ length: 1_200 }, (_, n) => ({
    service: 'support-agent',
    version: `1.0.${n % 30}`,
    success: true,
  }));
  expect(await (await post('/v1/agent-logs', items)).json()).toMatchObject({ taken: 1_200 });
  expect(records.length).toBeGreaterThan(2);
  expect(records.flatMap(itemsOf)).toHaveLength(1_200);
  const counted = records.flatMap(({ rollUps }) => rollUps.map(({ counts }) => counts.requests));
  expect(counted.reduce((sum, requests) => sum + requests)).toBe(1_200);
});

test('an outage behind the port is an apology in front of it, and a line in the log', async () => {
  const { post, complaints } = await agentsThread({
    record: () => {
      throw new Error('the disk is full');
    },
  });
  expect((await post('/v1/agent-logs', [])).status).toBe(503);
  expect(complaints).toMatchObject([{ err: new Error('the disk is full') }]);
});

test('what the thread counts is on the page for Prometheus beside everything else', async () => {
  const { url, evaluate } = await agentsThread();
  await evaluate('support-agent.version', anna);
  const page = await (await fetch(`${url}/metrics`)).text();
  expect(page).toContain('signalman_agent_requests_total{route="/ofrep/v1/evaluate/flags/"');
  expect(page).toContain('process_cpu_seconds_total');
  expect(await (await fetch(`${url}/healthz/ready`)).json()).toEqual({ status: 'ready' });
});

test('a port that is taken is told with its number', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(agentsThread({}, port)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});
