import { describe, expect, test } from 'vitest';
import { startFleet } from '#test/support/fleet.ts';
import { aService, signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll({
  // Ana may approve what others ask for, so that only her own asking stands in her way.
  settings: { people: { operators: ['S0OPS'], approvers: ['S0APPROVERS', 'U0ANA'] } },
  services: { 'support-agent': aService({ links: { runbook: 'https://wiki.example/run' } }) },
});

describe('a good candidate', { timeout: 60_000 }, () => {
  test('is asked for by Ana, approved by Bo, and becomes stable on evidence', async () => {
    const { ana, bo, ops, slack, agents, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'support-agent', fails: { stable: 0.01 } });
    try {
      const proposed = await ana.types('/rollout start support-agent 2.4.0 shorter answers');
      expect(proposed.text).toMatch(/Proposed #1: support-agent from 2\.3\.3 to 2\.4\.0/);
      const card = await ops.message(/support-agent: 2\.3\.3 → 2\.4\.0/, { withinMs: 10_000 });
      expect(slack.asText(card)).toContain('Note: shorter answers');

      await ana.presses('Approve', card);
      await ana.sees(/<@U0ANA> asked for this, so an approver who is somebody else/);
      expect(await fleet.sharePercent()).toBe(0);

      for (const [step, weight] of [10, 50, 100].entries()) {
        const waiting = new RegExp(`Waiting for an approver.*${weight} % of traffic`);
        await ops.message(waiting, { withinMs: 20_000 });
        const approved = await bo.presses('Approve', card);
        expect(approved.ack.ok).toBe(true);
        await until(async () => (await fleet.sharePercent()) === weight, { what: `${weight} %` });
        const entered = new RegExp(`Step ${step + 1} of 3: 2\\.4\\.0 has ${weight} %.*<@U0BO>`);
        await ops.reply(card, entered, { withinMs: 10_000 });
      }
      const done = await ops.message(/\*Completed\*.*2\.4\.0 is the stable version/, {
        withinMs: 20_000,
      });

      expect(done.ts).toBe(card.ts);
      expect(done.editedAtMs).toBeGreaterThan(card.postedAtMs);
      expect(ops.messages()).toHaveLength(1);
      const told = ops.thread(card).map((reply) => slack.asText(reply));
      expect(told.filter((words) => /^\*Step \d of 3/.test(words))).toHaveLength(3);
      expect(told.filter((words) => words.startsWith('*Completed*, by the policy'))).toHaveLength(
        1,
      );
      expect((await ana.types('/rollout status support-agent')).text).toMatch(/^stable: 2\.4\.0$/m);
      expect((await ana.types('/rollout why support-agent')).text).toMatch(
        /error rate \(limit 5 %\): 2\.4\.0 0\.0 % of [\d ]+ requests/,
      );
      const { value, metadata } = await agents.evaluate('support-agent.version', 'a-new-user');
      expect(value).toBe('2.4.0');
      expect(metadata).toMatchObject({ arm: 'stable' });
    } finally {
      await fleet.stop();
    }
  });

  test('goes back by one command of anybody, though no release is in progress', async () => {
    const { chidi, ops, agents } = box();

    const answer = await chidi.types('/rollout rollback support-agent answers became rude');

    expect(answer.text).toMatch(/all traffic of support-agent goes to 2\.3\.3 now/);
    expect(await agents.valueOf('support-agent.version')).toBe('2.3.3');
    await ops.message(/support-agent: 2\.4\.0 → 2\.3\.3[\s\S]*answers became rude/, {
      withinMs: 10_000,
    });
    const status = await chidi.types('/rollout status support-agent');
    expect(status.text).toMatch(/^stable: 2\.3\.3$/m);
    expect(status.text).toMatch(/Locked: 2\.4\.0 \(answers became rude\)/);
  });

  test('leaves a register that names everybody and holds together', async () => {
    const { signalman, register } = box();
    const verified = await signalman('audit', 'verify');
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/is intact/) });

    const entries = (await register()).map(({ body }) => body);
    const done = (action: string) =>
      entries.filter((entry) => entry.action === action && entry.outcome === 'done');
    expect(done('start').map(({ actor }) => actor.id)).toEqual(['U0ANA']);
    expect(done('approve').map(({ actor }) => actor.id)).toEqual(['U0BO', 'U0BO', 'U0BO']);
    expect(done('advance').map(({ actor }) => actor.kind)).toEqual(['policy']);
    expect(done('rollback').map(({ actor }) => actor.id)).toEqual(['U0CHIDI']);
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'approve',
        outcome: 'refused',
        actor: { kind: 'user', id: 'U0ANA' },
      }),
    );
  });
});
