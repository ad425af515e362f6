import { describe, expect, test } from 'vitest';
import { startFleet } from '#test/support/fleet.ts';
import { aService, signalBoxFor, signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll({
  // Ana may approve what others ask for, so that only her own asking stands in her way.
  settings: { people: { operators: ['S0OPS'], approvers: ['S0APPROVERS', 'U0ANA'] } },
  services: {
    'support-agent': aService(),
    'mail-agent': aService({
      channel: 'support-ops',
      rollback: { stability_window: '1s', kill: ['writes'] },
    }),
    'billing-agent': aService({
      channel: 'release-audit',
      guards: { error_rate: { max: 0.1, versus_stable: true } },
    }),
  },
});

/** A person who asks more often is asked to wait. */
const ONCE_A_POLL = { what: 'a verdict on these figures', everyMs: 1_000 };
const SOON = { withinMs: 20_000 };
/** Beside the card, a channel hears of each version that agents report for the first time. */
const FIRST_REPORT = /We hear (.*) for the first time/;
/** What a channel hears whatever becomes of the release. */
const UNASKED = new RegExp(`${FIRST_REPORT.source}|Hello, this is Signalman`);

// They wait for polls most of the time, so they do it together.
describe.concurrent('a candidate', { timeout: 90_000 }, () => {
  test('that is good is asked for, approved by somebody else, and becomes stable', async () => {
    const { ana, bo, chidi, ops, slack, agents, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'support-agent', fails: { stable: 0.01 } });
    try {
      const proposed = await ana.types('/rollout start support-agent 2.4.0 shorter answers');
      expect(proposed.text).toMatch(/Proposed #\d: support-agent from 2\.3\.3 to 2\.4\.0/);
      const card = await ops.message(/support-agent: 2\.3\.3 → 2\.4\.0/, SOON);
      expect(slack.asText(card)).toContain('Note: shorter answers');
      await ana.presses('Approve', card);
      await ana.sees(/<@U0ANA> asked for this, so an approver who is somebody else/, SOON);
      expect(await fleet.sharePercent()).toBe(0);

      for (const [step, weight] of [10, 50, 100].entries()) {
        await ops.message(new RegExp(`Waiting for an approver.*${weight} % of traffic`), SOON);
        await bo.presses('Approve', card);
        await until(async () => (await fleet.sharePercent()) === weight, { what: `${weight} %` });
        const entered = `Step ${step + 1} of 3: 2\\.4\\.0 has ${weight} %.*<@U0BO>`;
        await ops.reply(card, new RegExp(entered), SOON);
      }
      const done = await ops.message(/\*Completed\*.*2\.4\.0 is the stable version/, SOON);

      expect(done.ts).toBe(card.ts);
      expect(done.editedAtMs).toBeGreaterThan(card.postedAtMs);
      const about = ops.messages().filter((one) => /support-agent/.test(slack.asText(one)));
      const cards = about.filter((one) => !UNASKED.test(slack.asText(one)));
      expect(cards.map(({ ts }) => ts)).toEqual([card.ts]);
      await ops.reply(card, /^\*Completed\*, by the policy/, SOON);
      const told = ops.thread(card).map((reply) => slack.asText(reply));
      expect(told.filter((words) => /^\*Step \d of 3/.test(words))).toHaveLength(3);
      expect(new Set(told).size).toBe(told.length);
      expect((await ana.types('/rollout status support-agent')).text).toMatch(/^stable: 2\.4\.0$/m);
      expect((await ana.types('/rollout why support-agent')).text).toMatch(
        /error rate \(limit 5 %\): 2\.4\.0 0\.0 % of [\d ]+ requests/,
      );
      const evaluated = await agents.evaluate('support-agent.version', 'a-new-user');
      expect(evaluated).toMatchObject({ value: '2.4.0', metadata: { arm: 'stable' } });

      // No release is in progress any more, and one command of anybody still goes back.
      const answer = await chidi.types('/rollout rollback support-agent answers became rude');
      expect(answer.text).toMatch(/all traffic of support-agent goes to 2\.3\.3 now/);
      expect(await agents.valueOf('support-agent.version')).toBe('2.3.3');
      await ops.message(/support-agent: 2\.4\.0 → 2\.3\.3[\s\S]*answers became rude/, SOON);
      const status = await chidi.types('/rollout status support-agent');
      expect(status.text).toMatch(/^stable: 2\.3\.3$/m);
      expect(status.text).toMatch(/Locked: 2\.4\.0 \(answers became rude\)/);
    } finally {
      await fleet.stop();
    }
  });

  test('whose errors jump is rolled back by itself, locked, and may be tried again', async () => {
    const { ana, bo, chidi, supportOps, slack, agents, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'mail-agent', fails: { stable: 0.01 } });
    const start = '/rollout start mail-agent 2.4.0';
    try {
      await ana.types(start);
      const card = await supportOps.message(/mail-agent: 2\.3\.3 → 2\.4\.0/, SOON);
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the first step' });

      fleet.setFails({ stable: 0.01, candidate: 0.5 });
      await until(async () => (await fleet.sharePercent()) === 0, { what: 'the rollback' });
      const alert = await supportOps.message(/back mail-agent: 2\.4\.0 → 2\.3\.3/, SOON);
      expect(slack.asText(alert)).toMatch(
        /error rate \d+\.\d % of [\d ]+ requests, limit 5 %; stable \d\.\d %/i,
      );
      await until(async () => (await agents.valueOf('kill.writes')) === true, {
        what: 'the switch that goes with a rollback',
      });
      await chidi.presses('Acknowledge', alert);
      await supportOps.message(/Acknowledged by <@U0CHIDI>/, SOON);
      const healed = await supportOps.message(/🟢 Healed: mail-agent was rolled back/, SOON);
      expect(healed.ts).toBe(alert.ts);
      await supportOps.reply(alert, /is back on 2\.3\.3\*, read back from where it is set/, SOON);
      await supportOps.reply(alert, /has recovered on 2\.3\.3/, SOON);

      const locked = await ana.types(start);
      expect(locked.text).toMatch(/2\.4\.0 is locked: .*failed \d+ of [\d ]+ requests/);
      const notHis = await chidi.types('/rollout unlock mail-agent 2.4.0 I need it');
      expect(notHis.text).toMatch(/this needs an operator/);
      const unlocked = await ana.types('/rollout unlock mail-agent 2.4.0 the vendor was down');
      expect(unlocked.text).toMatch(/Unlocked 2\.4\.0/);
      await supportOps.message(/2\.4\.0 of mail-agent is unlocked.* by <@U0ANA>/, SOON);
      fleet.setFails({});
      expect((await ana.types(start)).text).toMatch(/Proposed #\d+: mail-agent/);
      const second = await supportOps.message(/Waiting for an approver/, SOON);
      expect(second.ts).not.toBe(card.ts);
      await bo.presses('Approve', second);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the second try' });
    } finally {
      await fleet.stop();
    }
  });

  test('is left alone while both versions suffer alike, below the limit', async () => {
    const { ana, bo, sam, slack, agentsUrl } = box();
    const billing = slack.channel('release-audit');
    const fleet = startFleet({ agentsUrl, service: 'billing-agent', requestsEach: 20 });
    const failures = async () => {
      const { text } = await sam.types('/rollout why billing-agent');
      const [, percent, requests] =
        /\(no worse than stable\): 2\.4\.0 ([\d.]+) % of ([\d ]+) requests/.exec(text) ?? [];
      return Math.round((Number(percent) * Number(requests?.replaceAll(' ', ''))) / 100);
    };
    try {
      await ana.types('/rollout start billing-agent 2.4.0');
      const card = await billing.message(/billing-agent: 2\.3\.3 → 2\.4\.0/, SOON);
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the first step' });
      await until(async () => (await failures()) === 0, ONCE_A_POLL);

      fleet.setFails({ candidate: 0.06, stable: 0.06 });
      await until(async () => (await failures()) >= 15, ONCE_A_POLL);

      expect(await fleet.sharePercent()).toBe(10);
      const cards = billing.messages().filter((one) => !UNASKED.test(slack.asText(one)));
      expect(cards.map(({ ts }) => ts)).toEqual([card.ts]);
      const told = billing.thread(card).map((reply) => slack.asText(reply));
      expect(told.join('\n')).not.toMatch(/suspicion|Stop:/);
    } finally {
      await fleet.stop();
    }
  });

  test('whose Signalman is killed goes on where it was, and nothing is told twice', async (story) => {
    const { ana, bo, ops, slack, agentsUrl, start, stop, signalman } = await signalBoxFor(story);
    await start();
    const fleet = startFleet({ agentsUrl, service: 'support-agent' });
    try {
      await ana.types('/rollout start support-agent 2.4.0');
      const card = await ops.message(/support-agent: 2\.3\.3 → 2\.4\.0/, SOON);
      await bo.presses('Approve', card);
      await ops.reply(card, /Step 1 of 3: 2\.4\.0 has 10 %/, SOON);

      expect(await stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      await start();

      expect(await fleet.sharePercent()).toBe(10);
      await ops.message(/Waiting for an approver.*50 % of traffic/, SOON);
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 50, { what: '50 %' });
      await ops.reply(card, /Step 2 of 3: 2\.4\.0 has 50 %/, SOON);
      const cards = ops.messages().filter((one) => !UNASKED.test(slack.asText(one)));
      expect(cards.map(({ ts }) => ts)).toEqual([card.ts]);
      const heard = ops
        .messages()
        .flatMap((one) => FIRST_REPORT.exec(slack.asText(one))?.[1] ?? []);
      expect(heard.toSorted()).toEqual(['*support-agent 2.3.3*', '*support-agent 2.4.0*']);
      const told = ops.thread(card).map((reply) => slack.asText(reply));
      expect(told).toEqual([...new Set(told)]);
      expect((await signalman('audit', 'verify')).code).toBe(0);
    } finally {
      await fleet.stop();
    }
  });
});

describe('what these releases leave', { timeout: 40_000 }, () => {
  test('is a register that holds together and names everybody', async () => {
    const { signalman, register } = box();
    const [verified, lines] = await Promise.all([signalman('audit', 'verify'), register()]);
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/is intact/) });

    const told = lines
      .map(({ body }) => body)
      .filter(({ target }) => target['service'] === 'support-agent')
      .map(({ actor, action, outcome }) => `${actor.id} ${action} ${outcome}`);
    const once = (line: string) => told.filter((one) => one === line).length;
    expect(once('U0ANA start done')).toBe(1);
    expect(once('U0ANA approve refused')).toBe(1);
    expect(once('U0BO approve done')).toBe(3);
    expect(once('policy advance done')).toBe(1);
    expect(once('U0CHIDI rollback done')).toBe(1);
  });
});
