/** What people see in Slack of what was decided, while Slack behaves. */
import { describe, expect, test } from 'vitest';
import { yes } from '#domain/result.ts';
import { reviewEmergency } from '#operations/review-emergency.ts';
import { ana, aPlan, approve, bo, chidi, start } from '#test/support/builders.ts';
import { outboundHouse, servicesIn } from '#test/support/outbound-house.ts';
import { aRegister, aSigner, checkpointOf } from '#test/support/register.ts';

const release = 1;
const proposes = (note = '') => start({ note });
const bos = (step: number) => approve(step, { release });

type House = Awaited<ReturnType<typeof outboundHouse>>;

const cardIn = ({ slack }: House, pattern = /#1 support-agent/) =>
  slack.channel('agent-ops').message(pattern);
const textsOf = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);

/** Edits that changed nothing, by what they would have shown once more. */
function editsInVain({ slack }: House): readonly string[] {
  const shown = new Map<unknown, string>();
  return slack.traffic.calls
    .filter(({ method, ok }) => ok && method.startsWith('chat.'))
    .flatMap(({ method, args }) => {
      const content = JSON.stringify(args['blocks']);
      const isSame = method === 'chat.update' && shown.get(args['ts']) === content;
      if (method === 'chat.update') shown.set(args['ts'], content);
      return isSame ? [content] : [];
    });
}

describe('a release', () => {
  test('has one card, edited in place, and a thread for its events', async () => {
    const house = await outboundHouse();
    await house.steer(proposes('Shorter answers'));
    await house.settle();
    const card = await cardIn(house);
    expect(house.slack.asText(card)).toContain('[Approve]');
    expect(house.slack.asText(card)).toContain('Note: Shorter answers');

    await house.steer(bos(0));
    await house.settle();
    const edited = await cardIn(house);
    expect(edited.ts).toBe(card.ts);
    expect(house.slack.asText(edited)).toContain('*Step 1 of 4 (1 %)*');
    expect(house.slack.asText(edited)).not.toContain('[Approve]');
    expect(textsOf(house.slack.channel('agent-ops').thread(card))).toEqual([
      expect.stringContaining('*Step 1 of 4: 2.4.0 has 1 %*'),
    ]);
    expect(house.slack.channel('agent-ops').messages()).toHaveLength(1);
  });

  test('keeps its card over a restart of the bot', async () => {
    const house = await outboundHouse();
    await house.steer(proposes());
    await house.settle();
    house.restart();
    await house.steer(bos(0));
    await house.settle();
    expect(house.slack.channel('agent-ops').messages()).toHaveLength(1);
    expect(house.slack.asText(await cardIn(house))).toContain('*Step 1 of 4');
  });

  test('is not edited when it is owed and nothing on its card would change', async () => {
    const house = await outboundHouse();
    await house.steer(proposes());
    await house.settle();
    await house.steer(bos(0));
    await house.watched(release, 3, 0.01);
    const edits = () => house.calls.filter((call) => call === 'chat.update ok').length;
    const before = edits();
    await house.store.change(
      { kind: 'register', name: 'test' },
      () => yes({ next: null, owes: [{ sync: 'card', release }] }),
      { at: house.clock() },
    );
    await house.settle();
    expect(edits()).toBe(before);
  });

  test('has several changes in one edit when they come fast', async () => {
    const house = await outboundHouse();
    await house.steer(proposes());
    await house.settle();
    await house.steer(bos(0));
    await house.round();
    for (let times = 0; times < 5; times += 1) {
      await house.steer({ to: 'pause', by: chidi, reason: `look ${times}` });
      await house.round();
      await house.steer({ to: 'resume', by: ana, reason: '' });
      await house.round();
    }
    await house.settle();
    const edits = house.calls.filter((call) => call === 'chat.update ok');
    expect(edits.length).toBeLessThan(5);
    expect(house.slack.asText(await cardIn(house))).toContain('*Step 1 of 4');
  });
});

describe('a rollback', () => {
  const stopped = async (about: Parameters<typeof outboundHouse>[0] = {}) => {
    const house = await outboundHouse(about);
    await house.steer(proposes());
    await house.steer(bos(0));
    await house.settle();
    await house.watched(release, 30, 0.4);
    await house.settle();
    return house;
  };

  test('raises one alert with its numbers, and tells what follows in its thread', async () => {
    const house = await stopped();
    const { slack } = house;
    const alert = await slack.channel('agent-ops').message(/Error rate 40.0 %/);
    expect(slack.asText(alert)).toContain('# 🟠 Rolled back support-agent: 2.4.0 → 2.3.3');
    expect(slack.asText(alert)).toContain('limit 5 %; stable 1.0 %');
    expect(slack.asText(alert)).toContain('[Acknowledge]');
    const back = await slack.channel('agent-ops').reply(alert, /All traffic .* is back on 2.3.3/);
    expect(back.broadcast).toBe(false);

    await house.steer({ to: 'acknowledge', by: bo, release });
    await house.settle();
    expect(editsInVain(house)).toEqual([]);
    const seen = await slack.channel('agent-ops').message(/Acknowledged by <@U0BO>/);
    expect(seen.ts).toBe(alert.ts);
    expect(slack.asText(seen)).not.toContain('[Acknowledge]');
  });

  test('loses the button to unlock once somebody has unlocked the version', async () => {
    const house = await stopped();
    const { slack } = house;
    expect(slack.asText(await slack.channel('agent-ops').message(/# 🟠/))).toContain('[Unlock]');
    await house.steer({ to: 'unlock', by: ana, version: '2.4.0', reason: 'vendor outage' });
    await house.settle();
    expect(slack.asText(await slack.channel('agent-ops').message(/# 🟠/))).not.toContain(
      '[Unlock]',
    );
    await slack.channel('agent-ops').message(/🔓 \*2.4.0 of support-agent is unlocked\*/);
  });

  test('says which switches it threw, and no longer once they are off', async () => {
    const rollback = { ...aPlan().rollback, kill: ['writes'] };
    const house = await outboundHouse();
    await house.steer(start({ plan: aPlan({ rollback }) }));
    await house.steer(bos(0));
    await house.settle();
    await house.steer({ to: 'rollback', by: chidi, release, reason: 'it deletes mail' });
    await house.settle();
    const { slack } = house;
    const alert = await slack.channel('agent-ops').message(/# 🟠 Rolled back/);
    expect(slack.asText(alert)).toContain('Kill switches on: `writes`.');
    await slack.channel('agent-ops').message(/`writes` is ON.* Thrown by the policy/);

    await house.kill('writes', { to: 'off', by: ana, reason: 'checked' });
    await house.settle();
    const now = await slack.channel('agent-ops').message(/# 🟠 Rolled back/);
    expect(slack.asText(now)).not.toContain('Kill switches on');
  });

  test('goes to the channel of its service', async () => {
    const house = await outboundHouse({ settings: { services: servicesIn('C0SUPPORTOPS') } });
    await house.steer(proposes());
    await house.settle();
    await house.slack.channel('support-ops').message(/#1 support-agent/);
    expect(house.slack.channel('agent-ops').messages()).toEqual([]);
  });
});

describe('outside of releases', () => {
  test('a kill is seen in the channel, and its button goes once it is off', async () => {
    const house = await outboundHouse();
    await house.kill('writes', { to: 'on', by: chidi, reason: 'it mails <!channel>' });
    await house.settle();
    const { slack } = house;
    const notice = await slack.channel('agent-ops').message(/Kill switch `writes` is ON/);
    expect(slack.asText(notice)).toContain('[Switch off]');
    expect(slack.asText(notice)).toContain('Reason: it mails <!channel>');

    await house.kill('writes', { to: 'off', by: ana, reason: 'repaired' });
    await house.settle();
    await slack.channel('agent-ops').message(/Kill switch `writes` is off/);
    const [old] = slack.channel('agent-ops').messages();
    expect(old && slack.asText(old)).toContain('It was switched off again since.');
    expect(old && slack.asText(old)).toContain('Thrown by <@U0CHIDI>');
    expect(old && slack.asText(old)).not.toContain('[Switch off]');
  });

  test('a request to raise a flag says who decided, and loses its buttons', async () => {
    const house = await outboundHouse();
    const raise = (percent: number) =>
      house.flag('new-tone', {
        to: 'set',
        by: ana,
        value: { state: 'percentage', percent },
        approvalAbovePercent: 50,
      });
    await raise(60);
    await raise(75);
    await house.settle();
    const { slack } = house;
    const [first, second] = slack.channel('agent-ops').messages();
    expect(first && slack.asText(first)).toContain('*Void:* the flag was changed meanwhile');
    expect(second && slack.asText(second)).toContain('[Approve] [Decline]');

    await house.flag('new-tone', { to: 'approve', by: bo, request: 2 });
    await house.settle();
    const decided = await slack.channel('agent-ops').message(/\*Approved\* by <@U0BO>/);
    expect(decided.ts).toBe(second?.ts);
    expect(slack.asText(decided)).toContain('off → 75 %');
    expect(slack.asText(decided)).not.toContain('[Approve]');
    await slack.channel('agent-ops').message(/Flag `new-tone`: off → \*75 %\*/);
  });

  test('a plan that asks people before it rolls back raises an alert with the button', async () => {
    const rollback = { ...aPlan().rollback, mode: 'ask' as const };
    const house = await outboundHouse({ plan: { rollback } });
    await house.steer(start({ plan: aPlan({ rollback }) }));
    await house.steer(bos(0));
    await house.settle();
    await house.watched(release, 10, 0.5);
    const { slack } = house;
    const alert = await slack.channel('agent-ops').message(/should be rolled back to 2.3.3/);
    expect(slack.asText(alert)).toContain('[Acknowledge] [Roll back]');

    await house.steer({ to: 'rollback', by: chidi, release, reason: 'agreed' });
    await house.settle();
    const replies = slack.channel('agent-ops').thread(alert);
    // Nobody saw it for two minutes, then somebody rolled back, and traffic was read back.
    expect(replies.map(({ broadcast }) => broadcast)).toEqual([true, true, false]);
    const now = await slack.channel('agent-ops').message(/# 🟠 Rolled back/);
    expect(now.ts).toBe(alert.ts);
  });
});

describe('a checkpoint of the register', () => {
  const note = checkpointOf(aRegister(3), aSigner());
  const owing = async (about: Parameters<typeof outboundHouse>[0] = {}) => {
    const house = await outboundHouse(about);
    await house.store.change(
      { kind: 'register', name: 'checkpoint' },
      () => yes({ next: null, owes: [{ tell: 'checkpoint', note }] }),
      { at: house.clock() },
    );
    await house.settle();
    return house;
  };

  test('is posted to its own channel, as text that can be copied and checked', async () => {
    const { slack } = await owing({ settings: { audit: { channel: 'support-ops' } } });
    const posted = await slack.channel('support-ops').message(/Checkpoint of the register at 3/);
    const copied = slack.asText(posted).split('```')[1] ?? '';
    expect(copied.trim()).toBe(note.trim());
    expect(slack.channel('agent-ops').messages()).toEqual([]);
  });

  test('is posted nowhere once its channel is no longer configured', async () => {
    const { calls, outbox } = await owing();
    expect(calls).toEqual([]);
    expect(outbox.nextDue()).toBeUndefined();
  });
});

describe('what waits for its review', () => {
  test('is offered once the incident is closed, and shows what somebody else found', async () => {
    const house = await outboundHouse();
    const { slack, queries } = house;
    const alert = async () => slack.asText(await slack.channel('agent-ops').message(/Left to do/));
    await house.steer(proposes());
    await house.steer(bos(0));
    await house.steer({ to: 'rollback', by: chidi, reason: 'it promises refunds' });
    await house.settle();
    expect(await alert()).not.toContain('[Reviewed]');
    await house.steer({ to: 'abort', by: ana, reason: 'no traffic at night' });
    await house.settle();
    expect(await alert()).toContain('[Reviewed] [Unlock]');

    for (const { entry } of queries.waitingReviews())
      await reviewEmergency(house, {
        entry,
        by: bo,
        note: 'a line was lost',
        inboxKey: `${entry}`,
      });
    await house.settle();
    expect(await alert()).not.toContain('[Reviewed]');
    expect(await alert()).toMatch(/Reviewed by <@U0BO>.*: a line was lost/);
    const thread = slack
      .channel('agent-ops')
      .thread(await slack.channel('agent-ops').message(/Left to do/));
    expect(textsOf(thread).filter((text) => text.includes('Found: a line was lost'))).toHaveLength(
      2,
    );
  });

  test('is offered where a kill switch is off again, and told in the channel', async () => {
    const house = await outboundHouse();
    const hears = () => house.slack.channel('agent-ops').messages().map(house.slack.asText);
    await house.kill('writes', { to: 'on', by: chidi, reason: 'it deletes mail' });
    await house.kill('writes', { to: 'off', by: ana, reason: 'mended' });
    await house.settle();
    expect(hears().at(-1)).toContain('[Reviewed]');
    const [waiting] = house.queries.waitingReviews();
    const review = { entry: waiting?.entry ?? 0, by: bo, note: 'a loop in the tool' };
    await reviewEmergency(house, { ...review, inboxKey: 'review' });
    await house.settle();
    expect(hears().at(-1)).toContain('Found: a loop in the tool');
  });
});
