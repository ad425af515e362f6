/** What people see in Slack when Slack does not behave: everything once, nothing lost. */
import { describe, expect, test } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { oweAnswer } from '#operations/owe-answer.ts';
import type { Fault } from '#sandbox/protocol.ts';
import { changeChannel, directChannel } from '#sandbox/slack/channels.ts';
import { removeMessage } from '#sandbox/slack/messages.ts';
import { ana, aPlan, approve, chidi, start } from '#test/support/builders.ts';
import { outboundHouse, servicesIn } from '#test/support/outbound-house.ts';
import { run as outage } from '#test/torture/slack-outage.ts';

const release = 1;
type House = Awaited<ReturnType<typeof outboundHouse>>;

const inChannel = ({ slack }: House, name = 'agent-ops') => slack.channel(name).messages();
const toldInPerson = ({ slack: { workspace } }: House, person: string) =>
  workspace.messages.get(directChannel(workspace, workspace.app.botUserId, person).id) ?? [];
const kill = (house: House, name: string) =>
  house.kill(name, { to: 'on', by: chidi, reason: 'just in case' });
const callsOf = ({ calls }: House, method: string) =>
  calls.filter((call) => call.startsWith(method)).length;
const lowered = (house: House, times: number) =>
  Promise.all(
    Array.from({ length: times }, (_, index) =>
      house.flag(`flag-${index}`, {
        to: 'set',
        by: ana,
        value: { state: 'percentage', percent: 10 },
        approvalAbovePercent: 50,
      }),
    ),
  );

/** What nobody may miss is looked at half a minute after it was sent. */
const BEFORE_READING_BACK_MS = 20 * SECOND_MS;

/** Makes the channel's ID known, as it is after the first post. */
async function settledHouse(about: Parameters<typeof outboundHouse>[0] = {}) {
  const house = await outboundHouse(about);
  await house.steer(start());
  await house.settle();
  return house;
}

describe('a post that may have gone out', () => {
  const unclear: readonly Fault[] = [
    { method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 },
    { method: 'chat.postMessage', fault: 'drop', times: 1 },
    { method: 'chat.postMessage', fault: 'status', status: 503, times: 1 },
    { method: 'chat.postMessage', fault: 'error', error: 'internal_error', times: 1 },
  ];

  test.each(unclear)('is there exactly once after %j', async (fault) => {
    const house = await settledHouse();
    house.slack.setFaults([fault]);
    await kill(house, 'writes');
    await house.settle(BEFORE_READING_BACK_MS);
    expect(inChannel(house).filter(({ text }) => text.includes('`writes` is ON'))).toHaveLength(1);
    expect(callsOf(house, 'conversations.history')).toBe(1);
  });

  test('is there exactly once also where only the name of the channel was known', async () => {
    const house = await outboundHouse();
    const fault = { method: 'chat.postMessage', times: 1 } as const;
    house.slack.setFaults([
      { ...fault, fault: 'drop_after_accepting' },
      { ...fault, fault: 'drop_after_accepting' },
      { ...fault, fault: 'status', status: 429, retryAfterSeconds: 2 },
    ]);
    await house.steer(start());
    await house.round();
    const [first] = inChannel(house);
    house.restart();
    await house.settle();
    expect(inChannel(house).map(({ ts }) => ts)).toEqual([first?.ts]);
    await house.steer(approve(0, { release }));
    await house.settle();
    expect(house.slack.asText(inChannel(house)[0] ?? { text: '' })).toContain('*Step 1 of 4');
  });

  test('is looked for in the thread when that is where it belongs', async () => {
    const house = await settledHouse();
    const [card] = inChannel(house);
    if (!card) throw new Error('the card is there');
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 },
    ]);
    await house.steer(approve(0, { release }));
    await house.settle();
    const entered = house.slack
      .channel('agent-ops')
      .thread(card)
      .filter(({ text }) => text.includes('*Step 1 of 4'));
    expect(entered).toHaveLength(1);
    expect(callsOf(house, 'conversations.replies')).toBe(1);
  });

  test('is looked for after a crash, too', async () => {
    const house = await settledHouse();
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 },
    ]);
    await kill(house, 'writes');
    await house.round();
    house.restart();
    await house.settle();
    expect(inChannel(house).filter(({ text }) => text.includes('`writes` is ON'))).toHaveLength(1);
  });

  test('becomes the card that is edited from then on', async () => {
    const house = await settledHouse({ settings: { channel: 'C0AGENTOPS' } });
    await house.steer({ to: 'abort', by: chidi, reason: 'another build' });
    await house.settle();
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 },
    ]);
    await house.steer(start({ candidate: '2.5.0' }));
    await house.round();
    await house.steer({ to: 'abort', by: chidi, reason: 'not this one either' });
    await house.settle();
    const cards = inChannel(house).filter(({ text }) => text.includes('2.5.0'));
    expect(cards).toHaveLength(1);
    expect(house.slack.asText(cards[0] ?? { text: '' })).toContain('*Aborted*');
  });

  test('is sent again without looking when Slack had clearly refused it', async () => {
    const house = await settledHouse();
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'error', error: 'restricted_action', times: 2 },
    ]);
    await kill(house, 'writes');
    await house.settle(BEFORE_READING_BACK_MS);
    expect(inChannel(house).filter(({ text }) => text.includes('`writes` is ON'))).toHaveLength(1);
    expect(callsOf(house, 'conversations.history')).toBe(0);
  });

  test('is said twice rather than not at all where reading is not allowed', async () => {
    const house = await settledHouse();
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'drop', times: 1 },
      { method: 'conversations.history', fault: 'error', error: 'missing_scope' },
    ]);
    await kill(house, 'writes');
    await house.settle();
    expect(inChannel(house).filter(({ text }) => text.includes('`writes` is ON'))).toHaveLength(1);
    expect(house.logged).toContainEqual(
      expect.objectContaining({ message: 'What was posted cannot be looked up' }),
    );
  });
});

describe('when Slack says that it is too much', () => {
  test.each([1, 30, 300])('a post waits the %i seconds it was told', async (retryAfterSeconds) => {
    const house = await settledHouse();
    const fault = { method: 'chat.postMessage', fault: 'status', status: 429, times: 1 } as const;
    house.slack.setFaults([{ ...fault, retryAfterSeconds }]);
    await kill(house, 'writes');
    await house.round();
    const due = house.outbox.nextDue() ?? 0;
    expect(due - house.time.clock()).toBe(retryAfterSeconds * SECOND_MS);
    await house.settle(retryAfterSeconds * SECOND_MS + BEFORE_READING_BACK_MS);
    expect(inChannel(house)).toHaveLength(2);
    expect(callsOf(house, 'conversations.history')).toBe(0);
  });

  test('the others of that channel wait as well, without asking', async () => {
    const house = await settledHouse();
    const fault = { method: 'chat.postMessage', fault: 'status', status: 429, times: 1 } as const;
    house.slack.setFaults([{ ...fault, retryAfterSeconds: 20 }]);
    await lowered(house, 1);
    await house.round();
    const before = callsOf(house, 'chat.postMessage');
    await house.steer(approve(0, { release }));
    await house.settle(19 * SECOND_MS);
    expect(callsOf(house, 'chat.postMessage')).toBe(before);
    await house.settle();
    expect(callsOf(house, 'chat.postMessage')).toBe(before + 2);
  });

  test('another channel does not wait', async () => {
    const house = await outboundHouse({ settings: { services: servicesIn('support-ops') } });
    const limit = { method: 'chat.postMessage', fault: 'status', status: 429 } as const;
    house.slack.setFaults([{ ...limit, channel: 'C0AGENTOPS', retryAfterSeconds: 60 }]);
    await lowered(house, 1);
    await house.round();
    await house.steer(start());
    await house.round();
    expect(inChannel(house)).toHaveLength(0);
    expect(inChannel(house, 'support-ops')).toHaveLength(1);
  });

  test('a channel gets a burst of five, then one post a second, and Slack is never asked in vain', async () => {
    const house = await outboundHouse({ rateLimits: 'strict' });
    house.slack.rateLimits.mode = 'off';
    const startedMs = house.time.clock();
    await lowered(house, 12);
    await house.settle(SECOND_MS / 2);
    expect(inChannel(house)).toHaveLength(5);
    await house.settle();
    expect(inChannel(house)).toHaveLength(12);
    const seconds = (house.time.clock() - startedMs) / SECOND_MS;
    expect(seconds).toBeGreaterThanOrEqual(7);
    expect(seconds).toBeLessThan(10);
    expect(callsOf(house, 'conversations.history')).toBe(0);
  });

  test('a kill overtakes everything that waits for its turn', async () => {
    const house = await outboundHouse();
    await lowered(house, 12);
    await house.round();
    await kill(house, 'global');
    await house.round();
    expect(inChannel(house).at(-1)?.text).toContain('`global` is ON');
    expect(inChannel(house).length).toBeLessThan(12);
    await house.settle();
    expect(inChannel(house)).toHaveLength(13);
  });

  test('an alert goes ahead of what waits for its turn', async () => {
    const house = await settledHouse();
    await house.steer(approve(0, { release }));
    await lowered(house, 12);
    await house.round();
    await house.steer({ to: 'rollback', by: chidi, release, reason: 'customers complain' });
    await house.round();
    expect(inChannel(house).some(({ text }) => text.includes('customers complain'))).toBe(true);
    expect(inChannel(house).length).toBeLessThan(12);
    await house.settle();
    expect(inChannel(house)).toHaveLength(14);
  });

  test('a card waits with its edit, and then shows what is true by then', async () => {
    const house = await settledHouse();
    const fault = { method: 'chat.update', fault: 'status', status: 429, times: 1 } as const;
    house.slack.setFaults([{ ...fault, retryAfterSeconds: 10 }]);
    await house.steer(approve(0, { release }));
    await house.round();
    await house.steer({ to: 'pause', by: chidi, reason: 'wait' });
    await house.settle();
    const [card] = inChannel(house);
    expect(house.slack.asText(card ?? { text: '' })).toContain('*Paused at step 1');
  });
});

describe('what was posted and is gone', () => {
  const delete_ = ({ slack }: House, pattern: RegExp) => {
    const all = slack.workspace.messages.get('C0AGENTOPS') ?? [];
    const gone = all.find((message) => pattern.test(slack.asText(message)));
    if (!gone) throw new Error(`nothing says ${pattern}`);
    removeMessage(slack.workspace, gone);
  };

  test('is posted anew when it is a card', async () => {
    const house = await settledHouse();
    delete_(house, /#1 support-agent/);
    await house.steer(approve(0, { release }));
    await house.settle();
    const [card, ...others] = inChannel(house);
    expect(others).toEqual([]);
    if (!card) throw new Error('the card is back');
    expect(house.slack.asText(card)).toContain('*Step 1 of 4');
    expect(house.slack.channel('agent-ops').thread(card)).toHaveLength(1);
  });

  test('is raised again when Slack said ok to an alert and lost it', async () => {
    const rollback = { ...aPlan().rollback, mode: 'ask' as const };
    const house = await outboundHouse();
    await house.steer(start({ plan: aPlan({ rollback }) }));
    await house.settle();
    await house.steer(approve(0, { release }));
    await house.settle();
    house.slack.setFaults([{ method: 'chat.postMessage', fault: 'forget', times: 1 }]);
    await house.watched(release, 2, 0.5);
    expect(inChannel(house)).toHaveLength(1);
    // Looking is owed as well, so it survives what happens in that half minute.
    house.restart();
    await house.settle(90 * SECOND_MS);
    await house.slack.channel('agent-ops').message(/should be rolled back to 2.3.3/);
    expect(callsOf(house, 'conversations.history')).toBe(2);
    expect(inChannel(house)).toHaveLength(2);
  });

  test('is raised again by what follows it, if that comes first', async () => {
    const house = await settledHouse();
    await house.steer(approve(0, { release }));
    await house.settle();
    house.slack.setFaults([{ method: 'chat.postMessage', fault: 'forget', times: 1 }]);
    await house.steer({ to: 'rollback', by: chidi, release, reason: 'customers complain' });
    await house.settle();
    const alerts = inChannel(house).filter(({ text }) => text.includes('customers complain'));
    expect(alerts).toHaveLength(1);
  });

  test('is told again when Slack said ok to a kill and lost it', async () => {
    const house = await settledHouse();
    house.slack.setFaults([{ method: 'chat.postMessage', fault: 'forget', times: 1 }]);
    await kill(house, 'writes');
    await house.settle(BEFORE_READING_BACK_MS);
    expect(inChannel(house)).toHaveLength(1);
    await house.settle();
    expect(inChannel(house).at(-1)?.text).toContain('`writes` is ON');
  });

  test('is told again in its thread when that is where it got lost', async () => {
    const house = await settledHouse();
    await house.steer(approve(0, { release }));
    await house.settle();
    await house.steer({ to: 'rollback', by: chidi, release, reason: 'customers complain' });
    await house.settle();
    const alert = await house.slack.channel('agent-ops').message(/Rolled back support-agent/);
    house.slack.setFaults([{ method: 'chat.postMessage', fault: 'forget', times: 1 }]);
    await house.steer({ to: 'acknowledge', by: chidi, release });
    await house.settle();
    const seen = house.slack
      .channel('agent-ops')
      .thread(alert)
      .filter(({ text }) => text.includes('has seen this'));
    expect(seen).toHaveLength(1);
  });

  test('stays as it is when the alert is really there', async () => {
    const house = await settledHouse();
    await house.steer(approve(0, { release }));
    await house.settle();
    await house.steer({ to: 'rollback', by: chidi, release, reason: 'customers complain' });
    await house.settle();
    expect(callsOf(house, 'conversations.history')).toBe(1);
    expect(inChannel(house).filter(({ text }) => text.includes('complain'))).toHaveLength(1);
  });
});

describe('a channel that cannot be posted to', () => {
  const archive = ({ slack }: House, id: string, archived = true) => {
    const channel = slack.workspace.channels.get(id);
    if (channel) changeChannel(slack.workspace, { ...channel, archived });
  };
  const rerouted = ({ queries }: House) =>
    queries
      .lastEntries(10)
      .flatMap(({ body }) => JSON.stringify(body).match(/"message_rerouted".*/) ?? []);
  const withFallback = (fallbackChannel: string) => ({
    settings: { alerts: { unseenAfterMs: MINUTE_MS, fallbackChannel } },
  });

  test('has its messages in the fallback channel, and the log says so', async () => {
    const house = await outboundHouse(withFallback('support-ops'));
    archive(house, 'C0AGENTOPS');
    await kill(house, 'writes');
    await house.settle();
    const [notice] = inChannel(house, 'support-ops');
    expect(notice && house.slack.asText(notice)).toMatch(
      /`writes` is ON[\s\S]*This stands here because I cannot post in `agent-ops`/,
    );
    expect(house.logged).toContainEqual({
      level: 'warn',
      message: 'A channel cannot be posted to',
      details: { channel: 'agent-ops', code: 'is_archived' },
    });
    expect(rerouted(house)).toEqual([expect.stringContaining('is_archived')]);
  });

  test('lets operators hear in person what nobody may miss, when no other takes it either', async () => {
    const people = { operators: ['U0SAM', 'S0OPS'], approvers: [] };
    const alerts = { unseenAfterMs: MINUTE_MS, fallbackChannel: 'support-ops' };
    const house = await outboundHouse({ settings: { people, alerts } });
    archive(house, 'C0AGENTOPS');
    archive(house, 'C0SUPPORTOPS');
    await kill(house, 'writes');
    await lowered(house, 1);
    await house.settle();
    for (const person of ['U0SAM', 'U0ANA']) {
      const [notice, ...others] = toldInPerson(house, person);
      expect(notice && house.slack.asText(notice)).toContain('I cannot post in `agent-ops`');
      expect(others).toEqual([]);
    }
    expect(toldInPerson(house, 'U0BO')).toEqual([]);
    expect(rerouted(house)).toEqual([expect.stringContaining('U0SAM')]);
    archive(house, 'C0AGENTOPS', false);
    await house.settle();
    expect(inChannel(house).map(({ text }) => text)).toEqual([expect.stringContaining('flag-0')]);
  });

  test('leaves a running release’s card to the fallback, with its thread', async () => {
    const house = await settledHouse(withFallback('C0SUPPORTOPS'));
    archive(house, 'C0AGENTOPS');
    await house.steer(approve(0, { release }));
    await house.settle();
    const [card] = inChannel(house, 'support-ops');
    if (!card) throw new Error('the card is in the fallback channel');
    expect(house.slack.asText(card)).toContain('*Step 1 of 4');
    expect(house.slack.channel('support-ops').thread(card)).toHaveLength(1);
  });

  test('gets everything later when there is no fallback and it comes back', async () => {
    const house = await settledHouse();
    archive(house, 'C0AGENTOPS');
    await house.steer(approve(0, { release }));
    await house.settle(5 * MINUTE_MS);
    archive(house, 'C0AGENTOPS', false);
    await house.settle(5 * MINUTE_MS);
    expect(house.outbox.depth().count).toBe(0);
    const [card] = inChannel(house);
    expect(card && house.slack.asText(card)).toContain('*Step 1 of 4');
  });
});

describe('an answer that Slack did not take at once', () => {
  const owing = async (house: House, channel: string) => {
    await oweAnswer(house, { to: 'U0BO', channel, text: 'Proposed #1.' });
    await house.settle();
  };

  test('is said to the person alone, where they asked', async () => {
    const house = await outboundHouse();
    house.slack.setFaults([{ method: 'chat.postEphemeral', fault: 'drop', times: 1 }]);
    await owing(house, 'C0AGENTOPS');
    const [answer, ...others] = house.slack.workspace.messages.get('C0AGENTOPS') ?? [];
    expect(answer).toMatchObject({ onlyFor: 'U0BO', text: 'Proposed #1.' });
    expect(others).toEqual([]);
    expect(house.outbox.depth().count).toBe(0);
  });

  test('goes to them in person where the app is no member, and nowhere else', async () => {
    const house = await outboundHouse();
    await owing(house, 'C0GENERAL');
    expect(toldInPerson(house, 'U0BO').map(({ text }) => text)).toEqual(['Proposed #1.']);
    expect(inChannel(house)).toEqual([]);
  });

  test('is given up for somebody who is not there any more', async () => {
    const house = await outboundHouse();
    house.slack.setFaults([{ method: '*', fault: 'error', error: 'user_not_found' }]);
    await owing(house, 'C0AGENTOPS');
    expect(house.outbox.depth().count).toBe(0);
    expect(house.logged.map(({ message }) => message)).toContain(
      'Somebody cannot be told what they asked for',
    );
  });
});

describe('when nothing gets through', () => {
  test('a revoked token keeps the queue, and one good token later all of it is told', async () => {
    const house = await settledHouse();
    house.slack.setFaults([{ method: '*', fault: 'error', error: 'token_revoked' }]);
    await house.steer(approve(0, { release }));
    await kill(house, 'writes');
    await house.settle(5 * MINUTE_MS);
    expect(house.outbox.depth().count).toBe(3);
    // Asked once for all, less and less often: a revoked token does not get better by trying.
    const refused = house.calls.filter((call) => call.endsWith('token_revoked'));
    expect(refused.filter((call) => !call.startsWith('auth.test')).length).toBeLessThan(4);
    expect(refused.length).toBeLessThan(12);
    expect(house.logged.filter(({ message }) => message.includes('the bot token'))).toHaveLength(1);
    expect(house.tokenIsTaken()).toBe(false);
    house.slack.setFaults([]);
    await house.settle();
    expect(house.tokenIsTaken()).toBe(true);
    expect(house.outbox.depth().count).toBe(0);
    expect(inChannel(house)).toHaveLength(2);
  });

  test('an outage of a day is told afterwards, each thing once and each thread in order', async () => {
    const { figure, ok } = await outage({ seed: 5, scale: 0.01 });
    expect({ figure, ok }).toEqual({ figure, ok: true });
  }, 60_000);

  test('a card goes without its chart when Slack does not take that', async () => {
    const house = await settledHouse();
    await house.steer(approve(0, { release }));
    await house.watched(release, 5, 0.01);
    house.slack.setFaults([
      { method: 'chat.update', fault: 'error', error: 'invalid_blocks', times: 1 },
    ]);
    await house.steer({ to: 'pause', by: chidi, reason: 'look' });
    await house.settle();
    const [card] = inChannel(house);
    const text = house.slack.asText(card ?? { text: '' });
    expect(text).toContain('*Paused at step 1');
    expect(text).not.toContain('(line chart');
    expect(text).toContain('Error rate over time, in %: 2.4.0 at 1 % as before');
  });

  test('words go out alone when Slack does not take the blocks', async () => {
    const house = await settledHouse();
    house.slack.setFaults([
      { method: 'chat.postMessage', fault: 'error', error: 'invalid_blocks', times: 1 },
    ]);
    await kill(house, 'writes');
    await house.settle();
    expect(inChannel(house).at(-1)).toMatchObject({
      blocks: [],
      text: expect.stringContaining('just in case'),
    });
    expect(house.logged).toContainEqual(expect.objectContaining({ level: 'error' }));
  });
});
