import { describe, expect, test } from 'vitest';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout } from '#adapters/slack/inbound/answer-rollout.ts';
import { DAY_MS, later, MINUTE_MS } from '#domain/time.ts';
import { steerService } from '#operations/steer-service.ts';
import { STEPS } from '#sandbox/page/tour/steps.ts';
import type { ShownMessage } from '#sandbox/protocol.ts';
import { bo, observe, reading, totals } from '#test/support/builders.ts';
import { answers } from '#test/support/slack-bot.ts';

const SHOWN_ALONE: ShownMessage = {
  ...{ channel: 'C0AGENTOPS', ts: '1763640000.000100', by: 'U0SIGNALMAN', text: '', blocks: [] },
  ...{ postedAtMs: 0, ephemeral: true, broadcast: false, pinned: false, reactions: [] },
  ...{ replyCount: 0, replyUsers: [] },
};

/** Types as somebody, and gets the words back. */
async function desk(...about: Parameters<typeof answers>) {
  const { deps, asking, ...rest } = await answers(...about);
  const rollout = async (userId: string, text: string) =>
    (await answerRollout(deps, { ...asking(userId), text })).text;
  const killswitch = async (userId: string, text: string) =>
    await answerKillswitch(deps, { ...asking(userId), text });
  return {
    ...rest,
    deps,
    ana: (text: string) => rollout('U0ANA', text),
    bo: (text: string) => rollout('U0BO', text),
    chidi: (text: string) => rollout('U0CHIDI', text),
    gwen: (text: string) => rollout('U0GUEST', text),
    killswitch,
    /** What the Approve button on the card does. */
    boApproves: async (step: number) => {
      const live = deps.queries.service('support-agent')?.live;
      const { id, digest } = live?.facts ?? { id: 0, digest: '' };
      return await steerService(
        { store: deps.store, clock: deps.clock, serviceNames: () => [] },
        { service: 'support-agent', intent: { to: 'approve', by: bo, release: id, step, digest } },
      );
    },
  };
}

describe('/rollout start', () => {
  test('proposes, and says who has to say yes and where', async () => {
    const { ana, queries } = await desk();
    const words = await ana('start support-agent 2.4.0 faster answers');
    expect(words).toContain('Proposed #1: support-agent from 2.3.3 to 2.4.0, canary.');
    expect(words).toContain('waiting for an approver who is not you');
    expect(words).toContain('#agent-ops');
    expect(queries.service('support-agent')?.live?.facts.note).toBe('faster answers');
  });

  test('warns of a version that nobody has heard of, and goes on', async () => {
    const { ana } = await desk();
    expect(await ana('start support-agent 2.4.0')).toContain('Nobody has registered or reported');
  });

  test('takes one release at a time', async () => {
    const { ana } = await desk();
    await ana('start support-agent 2.4.0');
    expect(await ana('start support-agent 2.5.0')).toContain('#1 (2.4.0) is still in progress');
  });

  test('lists the services that exist when one does not, and the one that was meant', async () => {
    const { ana } = await desk();
    const words = await ana('start suport-agent 2.4.0');
    expect(words).toContain('There is no service “suport-agent”.');
    expect(words).toContain('Did you mean “support-agent”?');
    expect(words).toContain('Known services: billing-agent, support-agent.');
  });

  test.each([
    ['<!channel>', '“&lt;!channel&gt;” cannot be a version'],
    ['2.3.3', '2.3.3 is the stable version already'],
  ])('refuses the version “%s”', async (version, words) => {
    const { ana } = await desk();
    expect(await ana(`start support-agent ${version}`)).toContain(words);
  });

  test('is for operators', async () => {
    const { chidi, gwen, queries } = await desk();
    expect(await chidi('start support-agent 2.4.0')).toContain('this needs an operator');
    expect(await gwen('start support-agent 2.4.0')).toContain('guests of this workspace');
    expect(queries.service('support-agent')?.live).toBeUndefined();
  });

  test('names the default environment or leaves it out, it is the same service', async () => {
    const { ana, queries } = await desk();
    await ana('start support-agent/production 2.4.0');
    expect(queries.service('support-agent')?.live?.facts.candidate).toBe('2.4.0');
  });

  test('says what a release will probably take, once there is traffic to judge by', async () => {
    const { deps, asking } = await answers();
    const propose = async (version: string, queries = deps.queries) => {
      const typed = { ...asking('U0ANA'), text: `start support-agent ${version}` };
      return (await answerRollout({ ...deps, queries }, typed)).text;
    };
    expect(await propose('2.4.0')).not.toContain('Expected');
    await answerRollout(deps, { ...asking('U0ANA'), text: 'abort support-agent' });
    const traffic = () => ({ requestsPerDay: 40_000, distinctKeys: 3_000, badRate: 0.01 });
    const words = await propose('2.5.0', { ...deps.queries, traffic });
    expect(words).toMatch(/Expected, by the traffic of the last day: about .* in all/);
    expect(words).toMatch(/• step 1, 1 %: about 1 h, 30 users, bad requests at worst: 17$/m);
  });
});

describe('a release in progress', () => {
  test('is shown, paused, resumed and rolled back', async () => {
    const { ana, chidi, boApproves, queries } = await desk();
    await ana('start support-agent 2.4.0');
    expect(await chidi('list')).toContain('#1 *support-agent* 2.3.3 → 2.4.0 (canary)');
    await boApproves(0);
    expect(await chidi('status support-agent')).toContain('stable: 2.3.3');
    expect(await chidi('status')).toContain('*support-agent* stable: 2.3.3 · #1 2.4.0');
    expect(await chidi('pause support-agent looks odd')).toContain('Paused #1 (2.4.0)');
    expect(await chidi('resume support-agent')).toContain('this needs an operator');
    expect(await ana('resume support-agent')).toContain('Resumed #1');
    const words = await chidi('rollback support-agent it is rude to people');
    expect(words).toContain('all traffic of support-agent goes to 2.3.3 now, and 2.4.0 is locked');
    expect(queries.service('support-agent')?.locks[0]?.reason).toBe('it is rude to people');
  });

  test('is not promoted before its time, and the person hears how long it still takes', async () => {
    const { ana, boApproves } = await desk();
    await ana('start support-agent 2.4.0');
    await boApproves(0);
    expect(await ana('promote support-agent')).toContain('has to last another 1 h');
  });

  test('is explained by why, before there is a verdict too', async () => {
    const { ana, bo, boApproves } = await desk();
    expect(await bo('why support-agent')).toContain('has no release in progress');
    await ana('start support-agent 2.4.0');
    expect(await bo('why support-agent')).toContain('waiting for its first approval');
    await boApproves(0);
    expect(await bo('why support-agent')).toContain('the first one is made at the next poll');
  });

  test('can be ended before its first step, and not by that word later', async () => {
    const { ana, chidi, boApproves } = await desk();
    await ana('start support-agent 2.4.0');
    expect(await chidi('abort support-agent wrong build')).toContain('Ended #1 (2.4.0)');
    await ana('start support-agent 2.4.0');
    await boApproves(0);
    expect(await chidi('abort support-agent')).toContain('roll it back instead');
  });

  test('stands in the history afterwards', async () => {
    const { ana, chidi } = await desk();
    expect(await chidi('history')).toBe('There was no release yet.');
    await ana('start support-agent 2.4.0');
    await chidi('abort support-agent wrong build');
    const text = await chidi('history support-agent');
    expect(text).toMatch(/^\*History of support-agent, newest first:\*\n#1 .*aborted: wrong build/);
    // The page's tour ends when this is read.
    const messages = [{ ...SHOWN_ALONE, text }];
    const sight = { demo: null, messages, bot: SHOWN_ALONE.by, channelName: 'agent-ops' };
    expect(STEPS.at(-1)?.isDone(sight)).toBe(true);
  });
});

describe('a release with evidence', () => {
  /** An hour and a bit in the first step, with so many requests a minute for the candidate. */
  const afterAnHour = async (perMinute: number) => {
    const at = await desk();
    await at.ana('start support-agent 2.4.0');
    await at.boApproves(0);
    for (let minute = 1; minute <= 65; minute += 1) {
      at.passMs(MINUTE_MS);
      const requests = Math.round(minute * perMinute);
      const stable = totals(99 * requests, requests);
      const reads = reading(at.clock(), totals(requests), stable);
      await steerService(
        { store: at.store, clock: at.clock, serviceNames: () => [] },
        { service: 'support-agent', intent: observe(reads, { release: 1 }) },
      );
    }
    return at;
  };

  test('is explained in numbers', async () => {
    const { chidi } = await afterAnHour(2);
    const words = await chidi('why support-agent');
    expect(words).toContain('*Within its limits.*');
    expect(words).toMatch(
      /• error rate \(limit 5 %\): 2\.4\.0 0\.0 % of 1\d\d requests; stable 1\.0 % of 12 \d\d\d requests; evidence/,
    );
    expect(await chidi('status support-agent')).toContain('The least time of this step is over.');
  });

  test('that is thin can be judged by two people, who hear what it leaves open', async () => {
    const { ana, chidi } = await afterAnHour(0.1);
    expect(await chidi('why support-agent')).toContain(
      'This is what two people would judge by. In this step',
    );
    const words = await ana('promote support-agent');
    expect(words).toContain('so this asks for a *judged* step');
    expect(words).toMatch(
      /\d of \d requests of 2\.4\.0 were bad by the error rate, and \d of \d\d\d of stable’s/,
    );
    expect(words).toMatch(/up to \d+\.\d in 100 more may be bad than allowed \(at 95 %\)/);
    expect(words).toContain('An approver who is not you has to press *Approve*');
  });
});

describe('the word after rollback <service>', () => {
  const rolledBackTwice = async () => {
    const at = await desk();
    await at.store.change(
      { kind: 'service', name: 'support-agent' },
      (service) => {
        if (!service) throw new Error('there is no service');
        return { ok: true, value: { next: { ...service, former: ['2.3.2', '2.3.1'] }, owes: [] } };
      },
      { at: at.clock() },
    );
    await at.ana('start support-agent 2.4.0');
    await at.boApproves(0);
    return at;
  };

  test('is a version where it was stable once', async () => {
    const { chidi, queries } = await rolledBackTwice();
    expect(await chidi('rollback support-agent 2.3.2 both are bad')).toContain('goes to 2.3.2 now');
    const live = queries.service('support-agent')?.live;
    expect(live?.phase === 'rolling_back' && live.reason).toBe('both are bad');
  });

  test('begins the reason otherwise', async () => {
    const { chidi, queries } = await rolledBackTwice();
    expect(await chidi('rollback support-agent 500s everywhere')).toContain('goes to 2.3.3 now');
    const live = queries.service('support-agent')?.live;
    expect(live?.phase === 'rolling_back' && live.reason).toBe('500s everywhere');
  });

  test('is refused when it was written as a version and never was stable', async () => {
    const { chidi } = await rolledBackTwice();
    expect(await chidi('rollback support-agent@9.9.9')).toContain(
      'Versions to go back to: 2.3.3, 2.3.2',
    );
  });
});

describe('whois', () => {
  test('says what a key gets, with its bucket', async () => {
    const { ana, chidi, boApproves } = await desk({ plan: { testers: ['tess'] } });
    expect(await chidi('whois support-agent u1')).toContain(
      'no release is in progress, so everybody gets the stable version 2.3.3.',
    );
    await ana('start support-agent 2.4.0');
    expect(await chidi('whois support-agent u1')).toContain(
      'release #1 is proposed and waits for its first approval, so everybody gets the stable version',
    );
    await boApproves(0);
    expect(await chidi('whois support-agent tess')).toContain('one of the testers');
    expect(await chidi('whois support-agent u1')).toMatch(
      /“u1” gets 2\.3\.3 of support-agent: their bucket is [\d ]+ of 10 000, and that is not below 100/,
    );
  });

  test('says that a kill is on', async () => {
    const { chidi, killswitch } = await desk();
    await killswitch('U0CHIDI', 'on support-agent it deletes mail');
    expect(await chidi('whois support-agent u1')).toContain('A kill switch is on for it');
  });
});

describe('flags', () => {
  test('are made, raised, lowered, allowed and archived', async () => {
    const { ana, chidi, queries } = await desk();
    expect(await chidi('flag list')).toContain('There are no flags yet');
    expect(await ana('flag set answers 25%')).toBe(
      '“answers” is a new flag. “answers” is 25 % now. Agents see it at once.',
    );
    expect(await ana('flag set answers 25 %')).toContain('is 25 % already');
    expect(await chidi('flag set answers on')).toContain('this needs an operator');
    expect(await chidi('flag set answers 10%')).toContain('is 10 % now');
    expect(await ana('flag allow answers u1 u2')).toContain('is on for u1, u2 now');
    expect(await chidi('flag list')).toContain('*answers* 10 %, and on for 2 named keys');
    expect(await ana('flag archive answers')).toContain('is archived');
    expect(queries.flag('answers')?.archived).toBe(true);
  });

  test('raised high wait for a second person', async () => {
    const { ana, queries } = await desk();
    expect(await ana('flag set answers on')).toContain('needs a second person');
    expect(queries.flag('answers')).toMatchObject({ state: 'off', request: { id: 1 } });
  });

  test('that do not exist are not archived, and a bad percentage is explained', async () => {
    const { ana } = await desk();
    await ana('flag set answers 10%');
    expect(await ana('flag archive anwsers')).toContain('Did you mean “answers”?');
    expect(await ana('flag set answers 250%')).toContain('a whole number from 0 to 100');
    expect(await ana('flag set kill.writes on')).toContain('cannot be the key of a flag');
  });
});

describe('/killswitch', () => {
  test('acts at once and says who obeys', async () => {
    const { killswitch, snapshots, queries } = await desk();
    const { text } = await killswitch('U0CHIDI', 'on writes it deletes mail');
    expect(text).toContain('“writes” is on: agents are told to stop.');
    expect(text).toContain('12 connected agents were told within 34 ms.');
    expect(snapshots.current().kills.has('writes')).toBe(true);
    expect(queries.killSwitches()).toMatchObject([{ name: 'writes', reason: 'it deletes mail' }]);
  });

  test('suggests what was meant when no agent asks for that switch', async () => {
    const { killswitch } = await desk(
      {},
      {
        obedienceOf: async () => ({ streams: 3, ms: 2, namesAsked: ['writes', 'refunds'] }),
      },
    );
    const reply = await killswitch('U0CHIDI', 'on wirtes it deletes mail');
    expect(reply.text).toContain('no agent has asked for “wirtes” in the last week');
    expect(JSON.stringify(reply.blocks)).toContain('Kill writes');
  });

  test('takes one more click for global, but not from an operator', async () => {
    const { killswitch, snapshots } = await desk();
    const reply = await killswitch('U0CHIDI', 'on global everything is on fire');
    expect(reply.text).toContain('nothing was done yet');
    expect(JSON.stringify(reply.blocks)).toContain('Stop everything');
    expect(snapshots.current().kills.has('global')).toBe(false);
    await killswitch('U0ANA', 'on global everything is on fire');
    expect(snapshots.current().kills.has('global')).toBe(true);
  });

  test('is switched off by an operator only', async () => {
    const { killswitch } = await desk();
    await killswitch('U0CHIDI', 'on writes it deletes mail');
    expect((await killswitch('U0CHIDI', 'off writes')).text).toContain('this needs an operator');
    expect((await killswitch('U0ANA', 'off writes fixed')).text).toContain('“writes” is off');
    expect((await killswitch('U0ANA', 'list')).text).toBe('No kill switch is on.\nOff: writes.');
  });

  test('refuses guests, and says so', async () => {
    const { killswitch, snapshots } = await desk();
    expect((await killswitch('U0GUEST', 'on writes because')).text).toContain('guests');
    expect(snapshots.current().kills.has('writes')).toBe(false);
  });

  test('lets an unknown person kill, since nobody can be asked', async () => {
    const { killswitch, snapshots } = await desk();
    await killswitch('U0NEW', 'on writes it deletes mail');
    expect(snapshots.current().kills.has('writes')).toBe(true);
  });

  test('still stops agents when the database fails, and says what that means', async () => {
    const at = await answers();
    const store = {
      ...at.store,
      change: async () => {
        throw new Error('database or disk is full');
      },
    };
    const reply = await answerKillswitch(
      { ...at.deps, store },
      { ...at.asking('U0CHIDI'), text: 'on writes it deletes mail' },
    );
    expect(reply.text).toContain('stands in the emergency journal, where it outlives a restart');
    expect(at.snapshots.current().kills.has('writes')).toBe(true);
    expect(at.journal.pending()).toMatchObject([{ name: 'writes', reason: 'it deletes mail' }]);
  });
});

describe('somebody who is too quick', () => {
  test('is asked to wait after thirty commands, and can still kill and roll back', async () => {
    const { chidi, killswitch, passMs } = await desk();
    for (let count = 0; count < 30; count += 1) await chidi('list');
    expect(await chidi('list')).toContain('Please wait');
    expect(await chidi('rollback support-agent')).not.toContain('Please wait');
    expect((await killswitch('U0CHIDI', 'on writes now')).text).toContain('is on');
    passMs(2_000);
    expect(await chidi('list')).not.toContain('Please wait');
  });
});

test('the same delivery twice is decided once', async () => {
  const { deps, asking } = await answers();
  const typed = { ...asking('U0ANA'), text: 'start support-agent 2.4.0' };
  await answerRollout(deps, typed);
  const again = await answerRollout(deps, typed);
  expect(again.text).toContain('Proposed #1');
  expect(deps.queries.history(undefined, 10)).toHaveLength(1);
});

describe('help that teaches', () => {
  test('shows examples with the services of the file, ready to be copied', async () => {
    const { chidi, killswitch } = await desk();
    const words = await chidi('help');
    expect(words).toContain('/rollout start billing-agent 2.4.0\n/rollout promote billing-agent');
    expect(words).toContain('Services: billing-agent, support-agent.');
    expect((await killswitch('U0CHIDI', 'help')).text).toContain(
      '/killswitch on billing-agent it promises refunds',
    );
  });

  test.each([
    ['pause', '`/rollout pause billing-agent`'],
    ['unlock suport-agent', '`/rollout unlock support-agent 2.4.0 it promises refunds`'],
    ['whois support-agent', '`/rollout whois support-agent user-7`'],
    ['flag set', '`/rollout flag set new-answers 25%`'],
    ['flag allow', '`/rollout flag allow new-answers user-7`'],
  ])('answers “%s” with how it goes, and with an example', async (typed, example) => {
    const { chidi } = await desk();
    expect(await chidi(typed)).toContain(`For example: ${example}`);
  });

  test('names the flag and the version that are really there', async () => {
    const { ana, chidi, boApproves } = await desk();
    await ana('flag set new-tone 10%');
    await ana('start support-agent 2.5.1');
    await boApproves(0);
    expect(await chidi('flag set')).toContain('`/rollout flag set new-tone 25%`');
    expect(await chidi('unlock support-agent')).toContain('support-agent 2.5.1');
  });
});

test('help is the grammar itself', async () => {
  const { chidi, killswitch } = await desk();
  expect(await chidi('help')).toContain('/rollout flag set &lt;key&gt; on|off|&lt;percent&gt;%');
  expect((await killswitch('U0CHIDI', 'help')).text).toContain('/killswitch on &lt;name&gt;');
});

test('a week without a question is what makes a switch doubtful', async () => {
  const at = await answers();
  const askedAgo = async (ms: number) => {
    const obedienceOf = async () => ({
      streams: 1,
      ms: 1,
      namesAsked: ['writes'],
      lastAskedAt: later(at.clock(), -ms),
    });
    const typed = { ...at.asking('U0ANA'), text: 'on writes because' };
    await answerKillswitch({ ...at.deps, obedienceOf }, { ...typed, text: 'off writes' });
    const more = { ...at.asking('U0ANA'), text: 'on writes because' };
    return (await answerKillswitch({ ...at.deps, obedienceOf }, more)).text;
  };
  expect(await askedAgo(6 * DAY_MS)).not.toContain('no agent has asked');
  expect(await askedAgo(8 * DAY_MS)).toContain('no agent has asked');
});
