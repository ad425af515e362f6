/** People at the keyboard of the stand-in, and the bot behind its real front door. */
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeUpToValue, writeValue } from '#adapters/slack/button-value.ts';
import type { ActAnswer } from '#sandbox/protocol.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { readRegister } from '#store/sqlite/register.ts';
import { bot } from '#test/support/slack-bot.ts';
import { client } from '#test/support/stand-in.ts';

type Bot = Awaited<ReturnType<typeof bot>>;

/** A message with one button, as a card has it; drawing cards is not what is tested here. */
async function posted({ slack }: Pick<Bot, 'slack'>, elements: readonly object[]) {
  await client(slack).chat.postMessage({
    channel: 'C0AGENTOPS',
    text: 'a card',
    blocks: [{ type: 'actions', elements: elements as never }],
  });
  return await slack.channel('agent-ops').message(/Press|Choose/);
}

const button = (action_id: string, value: string) => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text: 'Press' },
  value,
});

const acknowledged = (ack: ActAnswer) => ack.ok;

async function proposed(options: Parameters<typeof bot>[0] = {}) {
  const at = await bot(options);
  await at.slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
  const live = () => at.queries.service('support-agent')?.live;
  const { id, digest } = live()?.facts ?? { id: 0, digest: '' };
  const value = { service: 'support-agent', release: id, step: 0, digest };
  return { ...at, live, id, digest, value };
}

describe('a command', () => {
  test('is answered in its acknowledgement, for the eyes of the person alone', async () => {
    const { slack, measured, queries } = await bot();
    const seen = await slack.person('U0ANA').types('/rollout start support-agent 2.4.0 new prompt');
    expect(seen.ack.ok).toBe(true);
    expect(seen.text).toContain('Proposed #1: support-agent from 2.3.3 to 2.4.0');
    expect(seen.messages.every(({ ephemeral }) => ephemeral)).toBe(true);
    expect(slack.channel('agent-ops').messages()).toEqual([]);
    expect(queries.service('support-agent')?.live?.facts.requestedBy.id).toBe('U0ANA');
    expect(measured.acks[0]).toMatchObject({ kind: 'command' });
    expect(measured.calls).toContain('users.info ok');
  });

  test('works for members of user groups, and for nobody else', async () => {
    const { slack } = await bot({
      settings: { services: new Map(), people: { operators: ['S0OPS'], approvers: [] } },
    });
    const ana = await slack.person('U0ANA').types('/rollout flag set answers 10%');
    expect(ana.text).toContain('is 10 % now');
    const chidi = await slack.person('U0CHIDI').types('/rollout flag set answers 20%');
    expect(chidi.text).toContain('this needs an operator');
  });

  test.each([
    ['U0GUEST', 'guests of this workspace'],
    ['U0FLOW', 'bots and workflows'],
  ])('of %s is refused', async (id, words) => {
    const { slack, snapshots } = await bot();
    const seen = await slack.person(id).types('/killswitch on writes because');
    expect(seen.text).toContain(words);
    expect(snapshots.current().kills.size).toBe(0);
  });

  test('of a stranger in a shared channel is refused', async () => {
    const { slack, snapshots } = await bot();
    const seen = await slack
      .person('U0STRANGER')
      .types('/killswitch on writes because', { channel: 'partner-ops' });
    expect(seen.text).toMatch(/another workspace|its own workspace/);
    expect(snapshots.current().kills.size).toBe(0);
  });

  test('on a plan without user groups holds what increases exposure, and still stops', async () => {
    const seed = { ...NEWCOMER_SEED, plan: 'free' as const };
    const people = { operators: ['S0OPS'], approvers: [] };
    const { slack, snapshots } = await bot({ seed, settings: { people } });
    const ana = slack.person('U0ANA');
    expect((await ana.types('/rollout flag set answers 10%')).text).toContain('could not say');
    expect((await ana.types('/killswitch on writes because')).text).toContain('“writes” is on');
    expect(snapshots.current().kills.has('writes')).toBe(true);
  });

  test('that Slack delivers again is decided once and answered alike', async () => {
    const { slack, queries } = await bot();
    await slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
    const again = await slack.repeatLastDelivery();
    expect(again.came).toBe('in_time');
    expect(queries.history(undefined, 10)).toHaveLength(1);
  });

  test('that takes long gets “still working” in time, and its answer afterwards', async () => {
    const { slack } = await bot({
      with: ({ store }) => ({
        store: {
          ...store,
          change: async (...request: Parameters<typeof store.change>) => {
            await new Promise((resolve) => setTimeout(resolve, 2_300));
            return await store.change(...request);
          },
        } as typeof store,
      }),
    });
    const sam = slack.person('U0ANA');
    const seen = await sam.types('/rollout flag set answers 10%');
    expect(seen.ack.ok && (seen.ack.ackMs ?? 0)).toBeLessThan(2_300);
    expect(seen.text).toContain('Still working');
    await sam.sees(/“answers” is 10 % now/);
  });

  test('that breaks something gets an apology with a reference, and the log has the rest', async () => {
    const { slack, logged } = await bot({
      with: ({ queries }) => ({
        queries: {
          ...queries,
          services: () => {
            throw new Error('no such table: secrets');
          },
        },
      }),
    });
    const seen = await slack.person('U0ANA').types('/rollout status');
    expect(seen.text).toMatch(/Sorry, something went wrong .* reference \*[0-9a-z]{6}\*/);
    expect(seen.text).not.toContain('secrets');
    expect(JSON.stringify(logged.map(({ message }) => message))).toContain('apology');
  });
});

describe('in a channel that the file does not name', () => {
  const elsewhere = { channel: 'support-ops' };

  test('whatever lets more through is refused, by command, form and button', async () => {
    const { slack, queries } = await bot();
    const ana = slack.person('U0ANA');
    const typed = await ana.types('/rollout start support-agent 2.4.0', elsewhere);
    expect(typed.text).toContain('Channels: agent-ops');
    await ana.types('/rollout', elsewhere);
    const form = await ana.modal(/Start a release/);
    await ana.submits(form, { Service: 'support-agent', 'New version': '2.4.0' });
    expect(queries.service('support-agent')?.live).toBeUndefined();

    await ana.types('/killswitch on writes because', elsewhere);
    await client(slack).chat.postMessage({
      channel: 'C0SUPPORTOPS',
      text: 'a notice',
      blocks: [
        {
          type: 'actions',
          elements: [
            button(ACTIONS.killOff, writeValue({ killswitch: 'writes', reason: '' })) as never,
          ],
        },
      ],
    });
    const notice = await slack.channel('support-ops').message(/Press/);
    await ana.presses('Press', notice);
    await ana.sees(/Channels: agent-ops/);
    expect(queries.killSwitches()[0]?.isOn).toBe(true);
  });

  test('stopping works, and so does a form that was opened where people are', async () => {
    const { slack, queries } = await bot();
    const ana = slack.person('U0ANA');
    await ana.types('/rollout');
    const form = await ana.modal(/Start a release/);
    await ana.submits(form, { Service: 'support-agent', 'New version': '2.4.0' });
    expect(queries.service('support-agent')?.live?.phase).toBe('proposed');
    await slack.person('U0CHIDI').types('/rollout abort support-agent', elsewhere);
    expect(queries.service('support-agent')?.live).toBeUndefined();
  });
});

describe('a kill', () => {
  test('waits 300 ms for Slack at most', async () => {
    const { slack, snapshots } = await bot();
    slack.setFaults([{ method: '*', fault: 'delay', delayMs: 2_500 }]);
    const startedMs = performance.now();
    const seen = await slack.person('U0CHIDI').types('/killswitch on writes because');
    expect(performance.now() - startedMs).toBeLessThan(1_900);
    expect(seen.text).toContain('“writes” is on');
    expect(snapshots.current().kills.has('writes')).toBe(true);
  });

  test('works with every call to Slack failing', async () => {
    const { slack, snapshots } = await bot();
    slack.setFaults([{ method: '*', fault: 'status', status: 503 }]);
    await slack.person('U0CHIDI').types('/killswitch on writes because');
    expect(snapshots.current().kills.has('writes')).toBe(true);
  });

  test('of a guest stays refused when Slack fails later', async () => {
    const { slack, snapshots } = await bot();
    const gwen = slack.person('U0GUEST');
    await gwen.types('/killswitch on writes because');
    slack.setFaults([{ method: '*', fault: 'drop' }]);
    await gwen.types('/killswitch on writes because');
    expect(snapshots.current().kills.size).toBe(0);
  });

  test('is answered later when Slack does not take the answer any more', async () => {
    let spoil = () => {};
    const { slack, outbox, clock } = await bot({
      with: ({ obedienceOf }) => ({
        obedienceOf: async () => {
          spoil();
          return await obedienceOf();
        },
      }),
    });
    const chidi = slack.person('U0CHIDI');
    const { messages } = await chidi.types('/killswitch on global too slow');
    const [question] = messages;
    if (!question) throw new Error('is asked to confirm');
    spoil = () => slack.workspace.responseUrls.clear();
    await chidi.presses('Stop everything', question);
    await expect
      .poll(() => outbox.due('slack', clock(), 9).map(({ effect }) => effect))
      .toContainEqual({
        tell: 'answer',
        to: 'U0CHIDI',
        channel: 'C0AGENTOPS',
        text: expect.stringContaining('“global” is on'),
      });
  });

  test('of everything takes a non-operator one more click, on a private button', async () => {
    const { slack, snapshots } = await bot();
    const chidi = slack.person('U0CHIDI');
    const seen = await chidi.types('/killswitch on global everything is on fire');
    const [question] = seen.messages;
    expect(snapshots.current().kills.size).toBe(0);
    if (!question) throw new Error('nothing was asked');
    await chidi.presses('Stop everything', question);
    await chidi.sees(/“global” is on/);
    expect(snapshots.current().kills.has('global')).toBe(true);
  });
});

describe('a button', () => {
  test('approves for somebody else than the person who asked', async () => {
    const { slack, live, value, ...at } = await proposed();
    const card = await posted({ slack }, [button(ACTIONS.approve, writeValue(value))]);
    await slack.person('U0ANA').presses('Press', card);
    await slack.person('U0ANA').sees(/this needs an approver/);
    expect(live()?.phase).toBe('proposed');
    const { ack } = await slack.person('U0BO').presses('Press', card);
    expect(acknowledged(ack)).toBe(true);
    await expect.poll(() => live()?.phase).toBe('progressing');
    expect(at.measured.acks.at(-1)).toMatchObject({ kind: 'button' });
    // An auditor reads in the register which message the yes was given on.
    const { channel, ts: message } = card;
    const entries = [...readRegister(at.db)].map(({ body }) => JSON.parse(body));
    expect(entries.filter(({ origin }) => origin)).toMatchObject([
      { action: 'start', origin: { via: 'slack', team: 'T0SIGNAL', channel: 'C0AGENTOPS' } },
      { action: 'approve', outcome: 'refused', origin: { via: 'slack', channel, message } },
      {
        action: 'approve',
        outcome: 'done',
        origin: { via: 'slack', team: 'T0SIGNAL', channel, message },
        request: expect.stringMatching(/^button:T0SIGNAL:C0AGENTOPS:/),
        signalman: expect.stringMatching(/^\d+\.\d+\.\d+/),
      },
    ]);
  });

  test('may not be pressed by the approver who asked', async () => {
    const people = { operators: ['U0SAM'], approvers: ['U0SAM'] };
    const at = await bot();
    const own = at.settings().services.get('support-agent');
    if (own) Object.assign(own, { people });
    await at.slack.person('U0SAM').types('/rollout start support-agent 2.4.0');
    const { id, digest } = at.queries.service('support-agent')?.live?.facts ?? {
      id: 0,
      digest: '',
    };
    const value = writeValue({ service: 'support-agent', release: id, step: 0, digest });
    const card = await posted(at, [button(ACTIONS.approve, value)]);
    await at.slack.person('U0SAM').presses('Press', card);
    await at.slack.person('U0SAM').sees(/somebody else has to say yes|has to say yes/);
  });

  test('pressed by two people in the same second counts once, and the slower one hears of it', async () => {
    const { slack, live, value } = await proposed();
    const card = await posted({ slack }, [button(ACTIONS.approve, writeValue(value))]);
    const [bo, sam] = [slack.person('U0BO'), slack.person('U0SAM')];
    await Promise.all([bo.presses('Press', card), sam.presses('Press', card)]);
    await expect.poll(() => live()?.approvals).toHaveLength(1);
    const slower = live()?.approvals[0]?.by.id === 'U0BO' ? sam : bo;
    await slower.sees(/This is approved already, by/);
  });

  test('of an older plan fits nothing any more', async () => {
    const { slack, value, live } = await proposed();
    const old = writeValue({ ...value, digest: 'another' });
    const card = await posted({ slack }, [button(ACTIONS.approve, old)]);
    await slack.person('U0BO').presses('Press', card);
    await slack.person('U0BO').sees(/has changed since/);
    expect(live()?.phase).toBe('proposed');
  });

  test('with a value that is not ours does nothing', async () => {
    const { slack, live } = await proposed();
    const card = await posted({ slack }, [button(ACTIONS.approve, '{"__proto__":{}}')]);
    await slack.person('U0BO').presses('Press', card);
    await slack.person('U0BO').sees(/has changed since/);
    expect(live()?.phase).toBe('proposed');
  });

  test('of an unknown kind is answered all the same', async () => {
    const { slack } = await bot();
    const card = await posted({ slack }, [button('something.else', 'x')]);
    const { ack } = await slack.person('U0BO').presses('Press', card);
    expect(ack.ok).toBe(true);
    await slack.person('U0BO').sees(/has changed since/);
  });

  test('approves several steps at once from the menu', async () => {
    const { slack, live, id, digest } = await proposed();
    const value = writeUpToValue({ release: id, step: 0, upToStep: 1 }, digest);
    const card = await posted({ slack }, [
      {
        type: 'static_select',
        action_id: ACTIONS.approveUpTo,
        placeholder: { type: 'plain_text', text: 'Choose' },
        options: [{ text: { type: 'plain_text', text: 'Approve up to 10 %' }, value }],
      },
    ]);
    await slack.person('U0BO').chooses('Approve up to 10 %', { menu: 'Choose', on: card });
    await expect
      .poll(() => {
        const release = live();
        return release?.phase === 'progressing' && release.grantedUpTo;
      })
      .toBe(1);
  });

  test('declines with a reason, in a form', async () => {
    const { slack, value, queries } = await proposed();
    const card = await posted({ slack }, [button(ACTIONS.decline, writeValue(value))]);
    const bo = slack.person('U0BO');
    await bo.presses('Press', card);
    const modal = await bo.modal(/Decline/);
    expect(viewAsText(modal)).toContain('<@U0ANA> asks to give 1 % of traffic to 2.4.0');
    const sent = await bo.submits(modal, { 'Why? Whoever asked will see it.': 'too late today' });
    expect(sent.ok).toBe(true);
    const release = queries.history('support-agent', 1)[0];
    expect(release).toMatchObject({ phase: 'declined', reason: 'too late today' });
  });

  test('pauses, rolls back and unlocks', async () => {
    const { slack, value, live, queries, ...at } = await proposed();
    const approve = await posted({ slack }, [button(ACTIONS.approve, writeValue(value))]);
    await slack.person('U0BO').presses('Press', approve);
    await expect.poll(() => live()?.phase).toBe('progressing');
    const pause = await posted({ slack }, [button(ACTIONS.pause, writeValue(value))]);
    await slack.person('U0CHIDI').presses('Press', pause);
    await expect.poll(() => live()?.phase).toBe('paused');
    const rollback = await posted({ slack }, [button(ACTIONS.rollback, writeValue(value))]);
    await slack.person('U0CHIDI').presses('Press', rollback);
    await expect.poll(() => live()?.phase).toBe('rolling_back');

    const unlock = writeValue({ ...value, version: '2.4.0' });
    const alert = await posted({ slack }, [button(ACTIONS.unlock, unlock)]);
    const ana = slack.person('U0ANA');
    await ana.presses('Press', alert);
    const modal = await ana.modal(/Unlock/);
    expect((await ana.submits(modal, { 'What has changed since?': 'the prompt' })).ok).toBe(true);
    expect(queries.service('support-agent')?.locks[0]?.unlocked?.reason).toBe('the prompt');
    expect(at.measured.calls).toContain('views.open ok');
  });

  test('switches a kill off for an operator, and not for others', async () => {
    const { slack, snapshots } = await bot();
    await slack.person('U0CHIDI').types('/killswitch on writes because');
    const value = writeValue({ killswitch: 'writes', reason: '' });
    const notice = await posted({ slack }, [button(ACTIONS.killOff, value)]);
    await slack.person('U0CHIDI').presses('Press', notice);
    await slack.person('U0CHIDI').sees(/this needs an operator/);
    await slack.person('U0ANA').presses('Press', notice);
    await expect.poll(() => snapshots.current().kills.has('writes')).toBe(false);
  });

  test('approves a flag for somebody else than the person who asked', async () => {
    const { slack, queries } = await bot();
    await slack.person('U0ANA').types('/rollout flag set answers 80%');
    const value = writeValue({ flag: 'answers', request: 1 });
    const request = await posted({ slack }, [button(ACTIONS.flagApprove, value)]);
    await slack.person('U0BO').presses('Press', request);
    await expect.poll(() => queries.flag('answers')?.percent).toBe(80);
  });
});

describe('a command without words', () => {
  test('opens the form that starts a release, which says beside the field what is wrong', async () => {
    const { slack, queries } = await bot();
    const ana = slack.person('U0ANA');
    await ana.types('/rollout');
    const modal = await ana.modal(/Start a release/);
    const wrong = await ana.submits(modal, { Service: 'support-agent', 'New version': '2.3.3' });
    expect(wrong).toMatchObject({
      error: 'not_valid',
      errors: { version: expect.stringContaining('is the stable version already') },
    });
    const sent = await ana.submits(modal, {
      Service: 'support-agent',
      'New version': '2.4.0',
      'What is new in it?': 'a better prompt',
    });
    expect(sent.ok).toBe(true);
    const [top] = ana.view().modals;
    expect(JSON.stringify(top?.blocks)).toContain('Proposed #1');
    expect(queries.service('support-agent')?.live?.facts.note).toBe('a better prompt');
  });

  test('opens the form that kills, and asks again before it stops everything', async () => {
    const { slack, snapshots } = await bot();
    const chidi = slack.person('U0CHIDI');
    await chidi.types('/killswitch');
    const modal = await chidi.modal(/Kill switch/);
    const both = await chidi.submits(modal, {
      'Stop what?': 'support-agent',
      'Or another switch': 'writes',
      'Why?': 'rude',
    });
    expect(both).toMatchObject({ error: 'not_valid' });
    expect((await chidi.submits(modal, { 'Stop what?': 'global', 'Why?': 'rude' })).ok).toBe(true);
    expect(snapshots.current().kills.size).toBe(0);
    const again = await chidi.modal(/Stop everything/);
    expect((await chidi.submits(again)).ok).toBe(true);
    expect(snapshots.current().kills.has('global')).toBe(true);
  });

  test('says what to type when the form cannot be opened', async () => {
    const { slack } = await bot();
    slack.setFaults([{ method: 'views.open', fault: 'error', error: 'expired_trigger_id' }]);
    const ana = slack.person('U0ANA');
    await ana.types('/rollout');
    await ana.sees(/Slack did not open the form/);
  });
});

describe('over Socket Mode', () => {
  test('the same commands, buttons and forms work, without an address', async () => {
    const { slack, queries, url } = await bot({ overSocket: true });
    expect(url).toBe('');
    await expect.poll(() => slack.socket.connectionCount()).toBe(1);
    const ana = slack.person('U0ANA');
    const seen = await ana.types('/rollout start support-agent 2.4.0');
    expect(seen.text).toContain('Proposed #1');
    const { id, digest } = queries.service('support-agent')?.live?.facts ?? { id: 0, digest: '' };
    const value = writeValue({ service: 'support-agent', release: id, step: 0, digest });
    const card = await posted({ slack }, [button(ACTIONS.approve, value)]);
    await slack.person('U0BO').presses('Press', card);
    await expect.poll(() => queries.service('support-agent')?.live?.phase).toBe('progressing');
    await ana.types('/rollout');
    await ana.modal(/Start a release/);
  });

  test('a connection that Slack ends is made anew, and one it refuses is tried again', async () => {
    const { slack } = await bot({ overSocket: true });
    const commandWorks = async () => (await slack.person('U0ANA').types('/rollout list')).ack.ok;
    await expect.poll(commandWorks).toBe(true);
    slack.socket.disconnect('refresh_requested');
    await expect.poll(() => slack.socket.connectionCount()).toBe(0);
    await expect.poll(commandWorks, { timeout: 3_000 }).toBe(true);

    slack.setFaults([{ method: 'apps.connections.open', fault: 'status', status: 503, times: 2 }]);
    slack.socket.disconnect('link_disabled');
    await expect.poll(() => slack.socket.connectionCount()).toBe(0);
    await expect.poll(commandWorks, { timeout: 6_000 }).toBe(true);
  });

  test('with Slack down at the start the bot comes up and connects later', async () => {
    const { slack, app, logged } = await bot({
      overSocket: true,
      faults: [{ method: '*', fault: 'status', status: 503, times: 3 }],
    });
    expect(app.client).toBeDefined();
    expect(logged.some(({ message }) => message.includes('could not be connected to'))).toBe(true);
    await expect.poll(() => slack.socket.connectionCount(), { timeout: 6_000 }).toBe(1);
  });
});

/** Everything else that can be pressed, each by somebody who may. */
describe('each other button', () => {
  test('of a card does what its label says', async () => {
    const { slack, value, live } = await proposed();
    const [ana, bo, chidi] = ['U0ANA', 'U0BO', 'U0CHIDI'].map((id) => slack.person(id));
    if (!ana || !bo || !chidi) throw new Error('somebody is missing');
    const card = async (action: string) =>
      await posted({ slack }, [button(action, writeValue(value))]);
    await bo.presses('Press', await card(ACTIONS.approve));
    await expect.poll(() => live()?.phase).toBe('progressing');
    await ana.presses('Press', await card(ACTIONS.promote));
    await ana.sees(/has to last another/);
    await chidi.presses('Press', await card(ACTIONS.pause));
    await expect.poll(() => live()?.phase).toBe('paused');
    await chidi.presses('Press', await card(ACTIONS.resume));
    await chidi.sees(/this needs an operator/);
    await ana.presses('Press', await card(ACTIONS.resume));
    await expect.poll(() => live()?.phase).toBe('progressing');
    await chidi.presses('Press', await card(ACTIONS.abort));
    await chidi.sees(/roll it back instead/);
    await chidi.presses('Press', await card(ACTIONS.rollback));
    await expect.poll(() => live()?.phase).toBe('rolling_back');
    await chidi.presses('Press', await card(ACTIONS.acknowledge));
    await expect.poll(() => live()?.incident?.acknowledgedBy?.id).toBe('U0CHIDI');
  });

  test('aborts a proposal, declines a flag, and opens the forms', async () => {
    const { slack, value, queries } = await proposed();
    const chidi = slack.person('U0CHIDI');
    await chidi.presses(
      'Press',
      await posted({ slack }, [button(ACTIONS.abort, writeValue(value))]),
    );
    await expect.poll(() => queries.history('support-agent', 1)[0]?.phase).toBe('aborted');
    await slack.person('U0ANA').types('/rollout flag set answers on');
    const asked = writeValue({ flag: 'answers', request: 1 });
    await chidi.presses('Press', await posted({ slack }, [button(ACTIONS.flagDecline, asked)]));
    await expect.poll(() => queries.flag('answers')?.request).toBeUndefined();
    await chidi.presses('Press', await posted({ slack }, [button(ACTIONS.openStart, 'open')]));
    await chidi.modal(/Start a release/);
    await chidi.presses('Press', await posted({ slack }, [button(ACTIONS.openKill, 'open')]));
    await chidi.modal(/Kill switch/);
  });
});

test('with Slack down at the start the bot stops things, and does the rest once Slack is back', async () => {
  const { slack, snapshots } = await bot({
    faults: [{ method: '*', fault: 'status', status: 503 }],
  });
  const ana = slack.person('U0ANA');
  expect((await ana.types('/killswitch on writes why')).text).toContain('“writes” is on');
  expect(snapshots.current().kills.has('writes')).toBe(true);
  expect((await ana.types('/rollout flag set answers 10%')).text).toContain('could not say');
  slack.setFaults([]);
  await ana.types('/rollout list');
  await expect
    .poll(async () => (await ana.types('/rollout flag set answers 10%')).text)
    .toContain('is 10 % now');
});
