import { expect, test } from 'vitest';
import { createPace } from '#adapters/slack/outbound/pace.ts';

function pace() {
  let nowMs = 0;
  const turns = createPace({ burst: 3, intervalMs: 1_000 }, () => nowMs);
  return {
    ...turns,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

test('a burst goes at once, then each waits for a turn of their own', () => {
  const { waitMs } = pace();
  const waits = ['a', 'b', 'c', 'd', 'e'].map((ticket) => waitMs('channel', ticket));
  expect(waits).toEqual([0, 0, 0, 1_000, 2_000]);
});

test('whoever comes back keeps their turn, and does not lose it to others', () => {
  const { waitMs, at } = pace();
  for (const ticket of ['a', 'b', 'c', 'd']) waitMs('channel', ticket);
  at(400);
  expect(waitMs('channel', 'd')).toBe(600);
  expect(waitMs('channel', 'e')).toBe(1_600);
  at(1_000);
  expect(waitMs('channel', 'd')).toBe(0);
  expect(waitMs('channel', 'd')).toBe(2_000);
});

test('time without posts fills the burst again, and no more than that', () => {
  const { waitMs, at } = pace();
  for (const ticket of ['a', 'b', 'c']) waitMs('channel', ticket);
  at(60_000);
  const waits = ['d', 'e', 'f', 'g'].map((ticket) => waitMs('channel', ticket));
  expect(waits).toEqual([0, 0, 0, 1_000]);
});

test('channels do not wait for each other', () => {
  const { waitMs } = pace();
  for (const ticket of ['a', 'b', 'c', 'd']) waitMs('one', ticket);
  expect(waitMs('other', 'e')).toBe(0);
});

test('who overtakes is paid for by those behind', () => {
  const { waitMs, overtake } = pace();
  for (let times = 0; times < 5; times += 1) overtake('channel');
  expect(waitMs('channel', 'a')).toBe(3_000);
});

test('who overtakes later is paid for by those who wait already', () => {
  const { waitMs, overtake } = pace();
  for (const ticket of ['a', 'b', 'c', 'd', 'e']) waitMs('channel', ticket);
  overtake('channel');
  expect([waitMs('channel', 'd'), waitMs('channel', 'e')]).toEqual([2_000, 3_000]);
});

test('who comes forward gives up their turn, so those behind it lose nothing', () => {
  const { waitMs, comeForward } = pace();
  for (const ticket of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) waitMs('channel', ticket);
  comeForward('channel', 'f');
  const waits = ['f', 'd', 'e', 'g'].map((ticket) => waitMs('channel', ticket));
  expect(waits).toEqual([1_000, 2_000, 3_000, 4_000]);
});

test('those who come forward do so in their order, and once', () => {
  const { waitMs, comeForward } = pace();
  for (const ticket of ['a', 'b', 'c', 'd', 'e']) waitMs('channel', ticket);
  for (const ticket of ['new', 'e', 'new']) comeForward('channel', ticket);
  const waits = ['new', 'e', 'd'].map((ticket) => waitMs('channel', ticket));
  expect(waits).toEqual([1_000, 2_000, 3_000]);
});

test('a channel that is known by another name now keeps the turns in it', () => {
  const { waitMs, overtake, rename } = pace();
  for (const ticket of ['a', 'b', 'c', 'd']) waitMs('agent-ops', ticket);
  rename('agent-ops', 'C0AGENTOPS');
  expect(waitMs('C0AGENTOPS', 'd')).toBe(1_000);
  expect(waitMs('C0AGENTOPS', 'e')).toBe(2_000);
  overtake('C0AGENTOPS');
  expect(waitMs('C0AGENTOPS', 'd')).toBe(2_000);
});

test('nobody goes while Slack has asked to wait', () => {
  const { waitMs, hold, at } = pace();
  hold('channel', 20_000);
  expect(waitMs('channel', 'a')).toBe(20_000);
  at(20_000);
  expect(waitMs('channel', 'a')).toBe(0);
  expect(waitMs('channel', 'b')).toBe(1_000);
});

test('whoever Slack refused comes first afterwards, and those who waited come later', () => {
  const { waitMs, hold } = pace();
  for (const ticket of ['a', 'b', 'c', 'd', 'e']) waitMs('channel', ticket);
  hold('channel', 5_000, 'a');
  hold('channel', 5_000, 'b');
  const waits = ['a', 'b', 'd', 'e', 'f'].map((ticket) => waitMs('channel', ticket));
  expect(waits).toEqual([5_000, 6_000, 7_000, 8_000, 9_000]);
});
