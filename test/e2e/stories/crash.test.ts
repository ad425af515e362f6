import { describe, expect, test } from 'vitest';
import { startFleet } from '#test/support/fleet.ts';
import { signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll();

describe('a process that is killed in the midst of a release', { timeout: 60_000 }, () => {
  test('goes on where it was: same split, same card, nothing said twice', async () => {
    const { ana, bo, ops, slack, agentsUrl, start, stop } = box();
    const fleet = startFleet({ agentsUrl, service: 'support-agent' });
    try {
      await ana.types('/rollout start support-agent 2.4.0');
      const card = await ops.message(/support-agent: 2\.3\.3 → 2\.4\.0/, { withinMs: 10_000 });
      await bo.presses('Approve', card);
      await ops.reply(card, /Step 1 of 3: 2\.4\.0 has 10 %/, { withinMs: 10_000 });

      expect(await stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      await start();

      expect(await fleet.sharePercent()).toBe(10);
      await ops.message(/Waiting for an approver.*50 % of traffic/, { withinMs: 20_000 });
      await bo.presses('Approve', card);
      await until(async () => (await fleet.sharePercent()) === 50, { what: '50 %' });
      await ops.reply(card, /Step 2 of 3: 2\.4\.0 has 50 %/, { withinMs: 10_000 });
      expect(ops.messages().map(({ ts }) => ts)).toEqual([card.ts]);
      const told = ops.thread(card).map((reply) => slack.asText(reply));
      expect(told).toEqual([...new Set(told)]);
    } finally {
      await fleet.stop();
    }
  });

  test('finds what Slack took but never confirmed, and does not post it again', async () => {
    const { chidi, ops, slack, start, stop } = box();
    const words = /Kill switch `writes` is ON/;
    const posts = () => ops.messages().filter((message) => words.test(slack.asText(message)));
    slack.setFaults([{ method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 }]);

    await chidi.types('/killswitch on writes too eager');
    await until(() => posts().length === 1, { what: 'the notice in the channel' });
    await stop('SIGKILL');
    await start();

    const found = () =>
      slack.traffic.calls.some(
        ({ method, atMs }) => method === 'conversations.history' && atMs > 0,
      );
    await until(found, { what: 'the look into the channel' });
    await chidi.types('/killswitch on refunds and another one');
    await ops.message(/Kill switch `refunds` is ON/, { withinMs: 20_000 });
    expect(posts()).toHaveLength(1);
  });

  test('keeps every second process away from its database, and says who has it', async () => {
    const { spawn, signalman, register } = box();
    const holder = /process (\d+) on /;
    const second = spawn({ PORT: '0', AGENT_PORT: '0' });
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.output()).toMatch(/signalman\.db is in use by process \d+ on \S+\./);
    expect(second.output()).toMatch(/Stop that one first, or set DATABASE_PATH/);
    expect(Number(holder.exec(second.output())?.[1])).not.toBe(second.pid);

    expect((await signalman('audit', 'verify')).code).toBe(0);
    const seqs = (await register()).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });
});
