import { describe, expect, test } from 'vitest';
import { startFleet } from '#test/support/fleet.ts';
import { aService, signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll({
  services: {
    'support-agent': aService(),
    'night-agent': aService({ dwell: '2s', risk_budget: 0.0005 }),
    'billing-agent': aService({ channel: 'support-ops', steps: [10, 20, 30, 100] }),
  },
});

describe.concurrent('people who steer a release', { timeout: 60_000 }, () => {
  test('judge a step together where the evidence stays thin, and it is said so', async () => {
    const { ana, bo, sam, ops, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'night-agent', requestsEach: 3 });
    try {
      await ana.types('/rollout start night-agent 2.4.0');
      const card = await ops.message(/night-agent: 2\.3\.3 → 2\.4\.0/, { withinMs: 15_000 });
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 10, { what: '10 %' });
      const early = await ana.types('/rollout promote night-agent');
      expect(early.text).toMatch(/this step has to last another|no fresh verdict/);

      const asked = await until(
        async () => {
          const { text } = await ana.types('/rollout promote night-agent');
          return /so this asks for a \*judged\* step/.test(text) && text;
        },
        { what: 'the dwell to be over', everyMs: 500 },
      );
      expect(asked).toMatch(/up to \d+\.\d in 100 more may be bad than allowed \(at 95 %\)/);
      await ops.message(/This would be a judged step/, { withinMs: 15_000 });
      await ana.presses('Approve', card);
      expect(await fleet.sharePercent()).toBe(10);
      await sam.presses('Approve', card);

      await until(async () => (await fleet.sharePercent()) === 50, { what: '50 %' });
      await ops.reply(card, /has 50 %\*, judged by <@U0SAM> on thin evidence/, {
        withinMs: 15_000,
      });
    } finally {
      await fleet.stop();
    }
  });

  test('approve several steps at once, and the policy enters them one by one', async () => {
    const { ana, bo, supportOps, slack, agentsUrl } = box();
    const fleet = startFleet({ agentsUrl, service: 'billing-agent' });
    try {
      await ana.types('/rollout start billing-agent 2.4.0');
      const card = await supportOps.message(/billing-agent: 2\.3\.3 → 2\.4\.0/, {
        withinMs: 15_000,
      });
      await bo.chooses('Approve up to 20 %', { menu: 'Approve up to …', on: card });
      await until(async () => (await fleet.sharePercent()) === 20, { what: '20 %' });
      await supportOps.message(/Waiting for an approver.*30 % of traffic/, { withinMs: 20_000 });

      expect(await fleet.sharePercent()).toBe(20);
      const told = supportOps.thread(card).map((reply) => slack.asText(reply));
      expect(told.join('\n')).toMatch(/Step 2 of 4: 2\.4\.0 has 20 %\*, by the policy/);
      const now = supportOps.messages().find(({ ts }) => ts === card.ts);
      expect(now && slack.asText(now)).toMatch(/10 % approved up to 20 % by <@U0BO>/);
    } finally {
      await fleet.stop();
    }
  });

  test('decline, abort, pause, resume and roll back, each with an answer', async () => {
    const { ana, bo, chidi, ops } = box();
    const waits = (id: number) =>
      ops.message(new RegExp(`#${id} support-agent[\\s\\S]*Waiting for an approver`), {
        withinMs: 15_000,
      });
    const propose = async () => {
      const { text } = await ana.types('/rollout start support-agent 2.4.0');
      const id = Number(/Proposed #(\d+): support-agent/.exec(text)?.[1]);
      return { id, card: await waits(id) };
    };
    const declined = await propose();
    await chidi.presses('Decline', declined.card);
    const form = await chidi.modal(/Decline/, { withinMs: 15_000 });
    await chidi.submits(form, { 'Why? Whoever asked will see it.': 'not on a Friday' });
    await ops.message(new RegExp(`#${declined.id} [\\s\\S]*not on a Friday`), { withinMs: 15_000 });

    await propose();
    const aborted = await chidi.types('/rollout abort support-agent wrong version');
    expect(aborted.text).toMatch(/before it began\. No user had the new version/);

    const { card } = await propose();
    await bo.presses('Approve', card);
    await ops.reply(card, /Step 1 of 3/, { withinMs: 15_000 });
    const tooLate = await chidi.types('/rollout abort support-agent');
    expect(tooLate.text).toMatch(/cannot be aborted.*roll it back instead/);
    await chidi.types('/rollout pause support-agent tickets pile up');
    await ops.message(/\*Paused at step 1 of 3 \(10 %\)\* by <@U0CHIDI>/, { withinMs: 15_000 });
    const notHis = await chidi.types('/rollout resume support-agent');
    expect(notHis.text).toMatch(/this needs an operator/);
    await ana.types('/rollout resume support-agent it was the weather');
    await ops.reply(card, /<@U0ANA> resumed the release/, { withinMs: 15_000 });
    const back = await chidi.types('/rollout rollback support-agent still bad');
    expect(back.text).toMatch(/all traffic of support-agent goes to 2\.3\.3 now/);
    await ops.message(/Roll(ed|ing) back support-agent[\s\S]*still bad/, { withinMs: 15_000 });
  });

  test('hear what they meant when they name what is not there', async () => {
    const { ana } = box();
    const unknown = await ana.types('/rollout start suport-agent 2.4.0');
    expect(unknown.text).toMatch(
      /no service “suport-agent”\. Did you mean “support-agent”\? Known services: billing-agent, night-agent, support-agent/,
    );
    const nonsense = await ana.types('/rollout strat support-agent 2.4.0');
    expect(nonsense.text).toMatch(/\/rollout start <service> <version>|&lt;service&gt;/);
    const version = await ana.types('/rollout start support-agent <script>');
    expect(version.text).toMatch(/cannot be a version/);
  });
});
