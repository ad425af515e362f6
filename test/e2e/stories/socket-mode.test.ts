import { describe, expect, test } from 'vitest';
import { signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';

const box = signalBoxForAll({ overSocket: true });

describe('over Socket Mode', { timeout: 30_000 }, () => {
  test('commands, buttons and forms work as over HTTP, with no port for Slack', async () => {
    const { ana, bo, chidi, ops, agents } = box();
    const proposed = await ana.types('/rollout start support-agent 2.4.0');
    expect(proposed.text).toMatch(/Proposed #1: support-agent/);
    const card = await ops.message(/Waiting for an approver/, { withinMs: 10_000 });
    await bo.presses('Approve', card);
    await ops.message(/Step 1 of 3 \(10 %\)/, { withinMs: 10_000 });

    await chidi.types('/killswitch');
    const form = await chidi.modal(/./, { withinMs: 10_000 });
    expect(form.blocks.length).toBeGreaterThan(0);
    const killed = await chidi.types('/killswitch on writes too many');
    expect(killed.text).toMatch(/“writes” is on/);
    expect(await agents.valueOf('kill.writes')).toBe(true);
  });

  test('a broken connection is made again, and commands reach it as before', async () => {
    const { ana, slack } = box();
    slack.socket.disconnect('refresh_requested');
    await until(() => slack.socket.connectionCount() > 0, { what: 'a new connection' });
    await until(async () => /stable: 2\.3\.3/.test((await ana.types('/rollout status')).text), {
      what: 'an answer over the new connection',
      everyMs: 500,
    });
  });
});
