import { describe, expect, test } from 'vitest';
import { signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll();

describe('a process that is killed without warning', { timeout: 60_000 }, () => {
  test('finds what Slack took but never confirmed, and does not post it again', async () => {
    const { chidi, ops, slack, start, stop } = box();
    const words = /Kill switch `writes` is ON/;
    const posts = () => ops.messages().filter((message) => words.test(slack.asText(message)));
    // Slack takes a channel's name but looks up by its ID only, which the first answer brings.
    await chidi.types('/killswitch on mails to begin with');
    await ops.message(/Kill switch `mails` is ON/, { withinMs: 10_000 });
    slack.setFaults([{ method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 }]);

    await chidi.types('/killswitch on writes too eager');
    await until(() => posts().length === 1, { what: 'the notice in the channel' });
    await stop('SIGKILL');
    await start();

    const isHistory = ({ method }: { method: string }) => method === 'conversations.history';
    await until(() => slack.traffic.calls.some(isHistory), { what: 'the look into the channel' });
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

    const [verified, lines] = await Promise.all([signalman('audit', 'verify'), register()]);
    expect(verified.code).toBe(0);
    const seqs = lines.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });
});
