import { WebAPIRateLimitedError } from '@slack/web-api';
import { expect, test } from 'vitest';
import { createSharedReads } from '#adapters/slack/inbound/shared-reads.ts';

/** User groups of a Slack that counts what it is asked. */
function userGroups() {
  const slack = { asked: [] as string[], answer: async () => ['U0BO'] };
  let nowMs = 0;
  const members = createSharedReads(
    (id) => {
      slack.asked.push(id);
      return slack.answer();
    },
    () => nowMs,
  );
  return {
    slack,
    members,
    passMs: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('people who ask in the same moment share one read, and the next gets a new one', async () => {
  const { slack, members } = userGroups();
  const asking = Array.from({ length: 30 }, () => members('S0OPS'));
  expect(await Promise.all([...asking, members('S0APPROVERS')])).toHaveLength(31);
  expect(slack.asked).toEqual(['S0OPS', 'S0APPROVERS']);
  await members('S0OPS');
  expect(slack.asked).toHaveLength(3);
});

test('a read that fails is not handed to whoever asks later', async () => {
  const { slack, members } = userGroups();
  slack.answer = async () => {
    throw new Error('Slack is down');
  };
  await expect(members('S0OPS')).rejects.toThrow('Slack is down');
  slack.answer = async () => ['U0ANA'];
  expect(await members('S0OPS')).toEqual(['U0ANA']);
});

test('nobody asks while Slack has said that it is too much', async () => {
  const { slack, members, passMs } = userGroups();
  slack.answer = async () => {
    throw new WebAPIRateLimitedError(7);
  };
  await expect(members('S0OPS')).rejects.toThrow();
  slack.answer = async () => ['U0BO'];
  passMs(6_999);
  await expect(members('S0OPS')).rejects.toThrow();
  await expect(members('S0APPROVERS')).rejects.toThrow();
  expect(slack.asked).toEqual(['S0OPS']);
  passMs(1);
  expect(await members('S0OPS')).toEqual(['U0BO']);
});
