import { describe, expect, test } from 'vitest';
import { startFleet } from '#test/support/fleet.ts';
import { aService, signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll({
  services: {
    'support-agent': aService({
      rollback: { stability_window: '1s', kill: ['writes'] },
      links: { runbook: 'https://wiki.example/run' },
    }),
    'billing-agent': aService({
      channel: 'support-ops',
      guards: { error_rate: { max: 0.1, versus_stable: true } },
    }),
  },
});

/** A person who asks more often is asked to wait. */
const ONCE_A_POLL = { what: 'a verdict on these figures', everyMs: 1_000 };

// Both wait for polls most of the time, so they do it together.
describe.concurrent('a release whose numbers turn bad', { timeout: 60_000 }, () => {
  test('is rolled back by itself, locked, told with numbers, and may be tried again', async () => {
    const { ana, bo, chidi, ops, slack, agents, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'support-agent', fails: { stable: 0.01 } });
    try {
      await ana.types('/rollout start support-agent 2.4.0');
      const card = await ops.message(/#\d+ support-agent: 2\.3\.3 → 2\.4\.0/, { withinMs: 10_000 });
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the first step' });

      fleet.setFails({ stable: 0.01, candidate: 0.5 });
      await until(async () => (await fleet.sharePercent()) === 0, { what: 'the rollback' });
      const alert = await ops.message(/back support-agent: 2\.4\.0 → 2\.3\.3/, {
        withinMs: 10_000,
      });
      expect(slack.asText(alert)).toMatch(
        /error rate \d+\.\d % of [\d ]+ requests, limit 5 %; stable \d\.\d %/,
      );
      expect(await agents.valueOf('kill.writes')).toBe(true);
      await chidi.presses('Acknowledge', alert);
      await ops.message(/Acknowledged by <@U0CHIDI>/, { withinMs: 10_000 });
      const healed = await ops.message(/🟢 Healed: support-agent was rolled back/, {
        withinMs: 20_000,
      });
      expect(healed.ts).toBe(alert.ts);
      const told = ops.thread(alert).map((reply) => slack.asText(reply));
      expect(told.join('\n')).toMatch(/is back on 2\.3\.3\*, read back from where it is set/);
      expect(told.join('\n')).toMatch(/has recovered on 2\.3\.3/);

      const refused = await ana.types('/rollout start support-agent 2.4.0');
      expect(refused.text).toMatch(/2\.4\.0 is locked: .*failed \d+ of [\d ]+ requests/);
      const notHers = await chidi.types('/rollout unlock support-agent 2.4.0 I need it');
      expect(notHers.text).toMatch(/this needs an operator/);
      const unlocked = await ana.types('/rollout unlock support-agent 2.4.0 the vendor was down');
      expect(unlocked.text).toMatch(/Unlocked 2\.4\.0/);
      await ops.message(/2\.4\.0 of support-agent is unlocked.* by <@U0ANA>/, { withinMs: 10_000 });
      fleet.setFails({});
      const again = await ana.types('/rollout start support-agent 2.4.0');
      expect(again.text).toMatch(/Proposed #\d+: support-agent/);
      const second = await ops.message(/Waiting for an approver/, { withinMs: 10_000 });
      expect(second.ts).not.toBe(card.ts);
      await bo.presses('Approve', second);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the second try' });
    } finally {
      await fleet.stop();
    }
  });

  test('is left alone while both versions suffer alike, below the limit', async () => {
    const { ana, bo, supportOps, slack, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'billing-agent', candidate: '9.9.9' });
    const failures = async () => {
      const { text } = await ana.types('/rollout why billing-agent', { channel: 'support-ops' });
      const [, percent] =
        /error rate \(no worse than stable\): 9\.9\.9 (\d+)\.\d %/.exec(text) ?? [];
      return Number(percent);
    };
    try {
      await ana.types('/rollout start billing-agent 9.9.9');
      const card = await supportOps.message(/#\d+ billing-agent/, { withinMs: 10_000 });
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 10, { what: 'the first step' });
      await until(async () => (await failures()) === 0, ONCE_A_POLL);

      fleet.setFails({ candidate: 0.06, stable: 0.06 });
      await until(async () => (await failures()) >= 3, ONCE_A_POLL);

      expect(await fleet.sharePercent()).toBe(10);
      expect(supportOps.messages().map(({ ts }) => ts)).toEqual([card.ts]);
      const told = supportOps.thread(card).map((reply) => slack.asText(reply));
      expect(told.join('\n')).not.toMatch(/suspicion|Stop:/);
    } finally {
      await fleet.stop();
    }
  });
});
