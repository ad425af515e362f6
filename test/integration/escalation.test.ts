/** What happens to an alert that nobody sees, with Slack and without. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { pageSafeMode } from '#adapters/escalation/webhook.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { aPlan, approve, bo, chidi, noon, start } from '#test/support/builders.ts';
import { outboundHouse } from '#test/support/outbound-house.ts';
import { someSettings } from '#test/support/some-settings.ts';

const release = 1;

/** A receiver of pages that can be told how to answer. */
async function pager() {
  const received: { readonly [key: string]: unknown }[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const status = answers.shift() ?? 200;
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { received, answers, webhook: `http://127.0.0.1:${port}/page?key=secret` };
}

/** A candidate that fails, on its way back by the policy's own decision. */
async function stopped(webhook?: string) {
  const house = await outboundHouse({
    settings: { alerts: { unseenAfterMs: 2 * MINUTE_MS, ...(webhook && { webhook }) } },
  });
  await house.steer(start({ plan: aPlan() }));
  await house.steer(approve(0, { release }));
  await house.settle();
  await house.watched(release, 30, 0.4);
  return house;
}
type House = Awaited<ReturnType<typeof stopped>>;

const acknowledge = (house: House) => house.steer({ to: 'acknowledge', by: bo, release });
const escalations = ({ queries }: House) =>
  queries
    .lastEntries(50)
    .filter(({ body }) => JSON.stringify(body).includes('"action":"escalate"'));
const unseenIn = async ({ slack }: House) => {
  const alert = await slack.channel('agent-ops').message(/Error rate 40.0 %/);
  return slack
    .channel('agent-ops')
    .thread(alert)
    .filter(({ text }) => text.includes('Nobody has acknowledged the alert about'));
};

test('an alert that nobody sees for two minutes is sent on, once, and its thread says so', async () => {
  const { received, webhook } = await pager();
  const house = await stopped(webhook);
  await house.settle(MINUTE_MS);
  expect(received).toEqual([]);
  house.restart();
  await house.settle();
  expect(received).toEqual([
    expect.objectContaining({
      text: expect.stringMatching(
        /support-agent: 2.4.0 → 2.3.3. .*40.0 %.* Nobody has acknowledged this for 2 min/,
      ),
      what: 'rolling_back',
      service: 'support-agent',
      release,
      dedup_key: expect.stringMatching(/^signalman-1-\d+$/),
    }),
  ]);
  expect(await unseenIn(house)).toEqual([
    expect.objectContaining({ text: expect.stringContaining('sent to the second channel') }),
  ]);
  expect(escalations(house)).toHaveLength(1);
  expect(house.pages).toEqual(['sent']);
});

test('an alert that somebody acknowledged stays where it is', async () => {
  const { received, webhook } = await pager();
  const house = await stopped(webhook);
  await house.settle(MINUTE_MS);
  await acknowledge(house);
  await house.settle();
  expect(received).toEqual([]);
  expect(await unseenIn(house)).toEqual([]);
});

test('a rollback that a person started needs nobody to be called', async () => {
  const { received, webhook } = await pager();
  const house = await outboundHouse({
    settings: { alerts: { unseenAfterMs: 2 * MINUTE_MS, webhook } },
  });
  await house.steer(start());
  await house.steer(approve(0, { release }));
  await house.steer({ to: 'rollback', by: chidi, release, reason: 'customers complain' });
  await house.settle();
  expect(received).toEqual([]);
});

test('without a second channel the alert is raised again in Slack', async () => {
  const house = await stopped();
  await house.settle();
  const [again] = await unseenIn(house);
  expect(again).toMatchObject({ broadcast: true });
  expect(again?.text).not.toContain('second channel');
});

test('with Slack down it is sent on all the same, and Slack hears of it afterwards', async () => {
  const { received, webhook } = await pager();
  const house = await outboundHouse({
    settings: { alerts: { unseenAfterMs: 2 * MINUTE_MS, webhook } },
  });
  await house.steer(start());
  await house.steer(approve(0, { release }));
  await house.settle();
  house.slack.setFaults([{ method: '*', fault: 'drop' }]);
  await house.watched(release, 30, 0.4);
  await house.settle(5 * MINUTE_MS);
  expect(received).toHaveLength(1);
  house.slack.setFaults([]);
  await house.settle();
  expect(await unseenIn(house)).toHaveLength(1);
});

test('a receiver that fails or redirects is tried again, and its address is in no log', async () => {
  const { received, answers, webhook } = await pager();
  answers.push(500, 302, 404);
  const house = await stopped(webhook);
  await house.settle();
  expect(received).toHaveLength(4);
  expect(new Set(received.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  expect(house.pages).toEqual(['failed', 'failed', 'failed', 'sent']);
  expect(escalations(house)).toHaveLength(1);
  expect(JSON.stringify(house.logged)).toContain('The webhook answered HTTP 302');
  expect(JSON.stringify(house.logged)).not.toContain('secret');
});

test('safe mode is told where Slack is not needed, and it is said when nobody could be reached', async () => {
  const { received, answers, webhook } = await pager();
  const outcomes: string[] = [];
  const settings = () => someSettings({ settings: { alerts: { unseenAfterMs: 0, webhook } } });
  const deps = { settings, observePage: (outcome: string) => outcomes.push(outcome) };
  answers.push(503);
  const tell = () => pageSafeMode(deps, '🛑 Signalman runs in safe mode', noon);
  await expect(tell()).rejects.toThrow('The webhook answered HTTP 503');
  await tell();
  expect(received.at(-1)).toEqual({
    text: '🛑 Signalman runs in safe mode',
    what: 'safe_mode',
    dedup_key: `signalman-safe-mode-${noon}`,
  });
  expect(outcomes).toEqual(['failed', 'sent']);
});
