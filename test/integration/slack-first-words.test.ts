/** What the bot says without being asked: once in each channel, and at the hours of the digest. */
import { expect, test } from 'vitest';
import { DAY_MS } from '#domain/time.ts';
import { oweDigest } from '#operations/owe-digest.ts';
import { oweFirstWords } from '#operations/owe-first-words.ts';
import { remindOfReviews } from '#operations/remind-of-reviews.ts';
import { chidi, start } from '#test/support/builders.ts';
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

test('one reminder a day names all that waits for its review, and two are enough', async () => {
  const house = await outboundHouse();
  const hears = () => house.slack.channel('agent-ops').messages().map(house.slack.asText);
  const reminders = () => hears().filter((text) => text.includes('wait for their reviews.'));
  for (const name of ['writes', 'refunds'])
    await house.kill(name, { to: 'on', by: chidi, reason: 'it deletes mail' });
  for (let day = 0; day < 5; day += 1) {
    await remindOfReviews(house);
    await house.settle();
    house.time.pass(DAY_MS);
  }
  expect(reminders()).toHaveLength(2);
  expect(reminders()[0]).toContain('*2 emergencies wait for their reviews.*');

  await oweDigest(house);
  await house.settle();
  expect(hears().at(-1)).toContain('*2 emergencies have waited for their reviews');
});
