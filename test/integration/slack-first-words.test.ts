/** What the bot says without being asked: once in each channel, and at the hours of the digest. */
import { expect, test } from 'vitest';
import { oweDigest } from '#operations/owe-digest.ts';
import { oweFirstWords } from '#operations/owe-first-words.ts';
import { start } from '#test/support/builders.ts';
import { outboundHouse, servicesIn } from '#test/support/outbound-house.ts';

test('each channel is welcomed once, however often the process starts', async () => {
  const house = await outboundHouse({ settings: { services: servicesIn('support-ops') } });
  const hears = (channel: string) => house.slack.channel(channel).messages();
  for (let times = 0; times < 3; times += 1) {
    await oweFirstWords(house, house.settings());
    await house.settle();
    house.restart();
  }
  expect(hears('agent-ops')).toHaveLength(1);
  expect(hears('support-ops')).toHaveLength(1);
  expect(house.slack.asText(hears('agent-ops')[0] ?? { text: '' })).toContain('Hello, this is');
});

test('a channel without the bot is welcomed once it was invited', async () => {
  const house = await outboundHouse({ settings: { channel: 'ops' } });
  await oweFirstWords(house, house.settings());
  await house.settle();
  expect(house.slack.channel('ops').messages()).toEqual([]);
  expect(house.outbox.depth().count).toBe(1);
});

test('the digest tells what is in flight, and nothing when nothing is', async () => {
  const house = await outboundHouse();
  const hears = () => house.slack.channel('agent-ops').messages().map(house.slack.asText);
  await oweDigest(house);
  await house.settle();
  expect(hears()).toEqual([]);

  await house.steer(start());
  await house.settle();
  await oweDigest(house);
  await house.settle();
  expect(hears().at(-1)).toContain('*One release is in flight.* One waits for an approver.');
});
