import { existsSync, readdirSync, statSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { httpRequest } from '#test/bench/load.ts';
import { agentsDoor } from '#test/support/agents-door.ts';
import { signalBoxForAll } from '#test/support/signal-box.ts';
import { until } from '#test/support/until.ts';
import { openWire } from '#test/torture/raw-wire.ts';

const AGENT = 'agents-of-production';
const GUARD = 'guard-that-may-stop';
const BURST = 300;
const WAL_BYTES_MAX = 16 * 2 ** 20;

const box = signalBoxForAll({
  env: {
    AGENT_TOKENS: `production:evaluate+ingest:${AGENT},production:evaluate+kill:${GUARD}`,
  },
});
const agents = () => agentsDoor(box().agentsUrl, AGENT);
const isOn = async (name: string) => (await agents().valueOf(`kill.${name}`)) === true;

describe('a kill switch', { timeout: 40_000 }, () => {
  afterEach(() => box().slack.setFaults([]));

  test('is thrown by anybody, heard at once, and switched off by an operator only', async () => {
    const { chidi, gwen, ana, ops } = box();
    const stream = await agents().listen();
    await until(() => stream.told() > 0, { what: 'the stream to open' });
    const before = stream.told();
    expect(await isOn('writes')).toBe(false);
    expect((await gwen.types('/killswitch on writes for fun')).text).toMatch(/guests .* not act/);

    const answer = await chidi.types('/killswitch on writes it mails everybody');

    expect(await isOn('writes')).toBe(true);
    expect(answer.text).toMatch(/“writes” is on.*1 connected agent was told within \d+ ms/);
    await until(() => stream.told() > before, { what: 'the stream to tell of the kill' });
    await ops.message(/Kill switch `writes` is ON.*<@U0CHIDI>[\s\S]*it mails everybody/, {
      withinMs: 10_000,
    });
    expect((await chidi.types('/killswitch off writes')).text).toMatch(/this needs an operator/);
    expect(await isOn('writes')).toBe(true);
    await ana.types('/killswitch off writes repaired');
    expect(await isOn('writes')).toBe(false);
    await ops.message(/Kill switch `writes` is off.*<@U0ANA>/, { withinMs: 10_000 });
    await stream.close();
  });

  test('of everything takes one more click from somebody who is no operator', async () => {
    const { chidi, ana, ops } = box();
    const asked = await chidi.types('/killswitch on global everything is on fire');
    expect(asked.text).toMatch(/one more click; nothing was done yet/);
    expect(await isOn('anything')).toBe(false);

    const [question] = asked.messages;
    if (!question) throw new Error('There is no message with the button.');
    await chidi.presses('Stop everything', question);

    await until(() => isOn('anything'), { what: 'everything to stop' });
    const { metadata } = await agents().evaluate('support-agent.version');
    expect(metadata).toMatchObject({ killed: true });
    await ana.types('/killswitch off global false alarm');
    expect(await isOn('anything')).toBe(false);
    await ops.message(/Kill switch `global` is off/, { withinMs: 10_000 });
  });

  test('is thrown at the command line, over the socket of the running process', async () => {
    const { signalman, ops } = box();
    const told = await signalman('kill', 'on', 'refunds', 'they', 'go', 'out', 'twice');
    expect(told).toMatchObject({ code: 0, out: 'Kill switch refunds is on.\n' });
    expect(await isOn('refunds')).toBe(true);
    await ops.message(/`refunds` is ON.*root-on-call at the command line/, { withinMs: 10_000 });
  });

  test('is thrown over HTTP by a token that may, and never released by one', async () => {
    const { agentsUrl } = box();
    const wish = { active: true, reason: 'injections seen' };
    const guard = agentsDoor(agentsUrl, GUARD);
    expect(await agents().kill('mails', wish)).toMatchObject({ status: 403 });
    expect(await agentsDoor(agentsUrl).kill('mails', wish)).toMatchObject({ status: 401 });
    expect(await isOn('mails')).toBe(false);

    expect(await guard.kill('mails', wish)).toMatchObject({ status: 200 });
    expect(await isOn('mails')).toBe(true);

    const released = await guard.kill('mails', { active: false, reason: 'all is well' });
    expect(released.status).toBeGreaterThanOrEqual(400);
    expect(await isOn('mails')).toBe(true);
  });

  /** `npm run torture -- --only flood --only soak` does this for longer. */
  test('acts in a burst of questions, which leaves nothing open behind it', async () => {
    const { agentsUrl, files, pid } = box();
    const descriptors = `/proc/${pid()}/fd`;
    const open = () => (existsSync(descriptors) ? readdirSync(descriptors).length : 0);
    const before = open();
    const question = httpRequest('/ofrep/v1/evaluate/flags/support-agent.version', {
      headers: { authorization: `Bearer ${AGENT}` },
      body: JSON.stringify({ context: { targetingKey: 'user-1' } }),
    });
    const asked = { bytes: Buffer.from(question), isLast: true };
    const port = Number(new URL(agentsUrl).port);
    const burst = Promise.all(Array.from({ length: BURST }, () => openWire(port).exchange(asked)));
    const wish = { active: true, reason: 'in the middle of it' };
    expect(await agentsDoor(agentsUrl, GUARD).kill('bursts', wish)).toMatchObject({ status: 200 });
    expect(await isOn('bursts')).toBe(true);

    expect(new Set((await burst).map(({ status }) => status))).toEqual(new Set([200]));
    await until(() => open() <= before + 10, { what: 'the connections to be closed' });
    expect(statSync(`${files.database}-wal`).size).toBeLessThan(WAL_BYTES_MAX);
  });

  test('works while Slack answers everything with 503, for somebody never seen before', async () => {
    const { sam, ops, slack } = box();
    slack.setFaults([{ method: '*', fault: 'status', status: 503 }]);
    const answer = await sam.types('/killswitch on uploads leaking');
    expect(answer.ack).toMatchObject({ ok: true });
    expect(answer.text).toMatch(/“uploads” is on/);
    expect(await isOn('uploads')).toBe(true);
    expect(ops.messages().some(({ text }) => text.includes('uploads'))).toBe(false);

    slack.setFaults([]);
    await ops.message(/`uploads` is ON/, { withinMs: 20_000 });
  });

  test('is thrown with no process running, and holds from the first answer of the next', async () => {
    const { signalman, start, stop } = box();
    await stop();
    const told = await signalman('kill', 'on', 'payouts', 'wrong', 'account');
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/Kill switch payouts is on\. Signalman is not running/);

    await start();

    expect(await isOn('payouts')).toBe(true);
    expect(await isOn('mails')).toBe(true);
  });

  test('stands in the register with whoever threw it, wherever that was', async () => {
    const { register, signalman } = box();
    const kills = (await register()).filter(({ body }) => body.target['killswitch'] !== undefined);
    const told = kills.map(({ body: { actor, action, target, outcome } }) =>
      [actor.kind, actor.id, action, target['killswitch'], outcome].join(' '),
    );
    expect(told).toEqual([
      expect.stringMatching(/^user U0GUEST .* writes refused$/),
      expect.stringMatching(/^user U0CHIDI .* writes done$/),
      expect.stringMatching(/^user U0CHIDI .* writes refused$/),
      expect.stringMatching(/^user U0ANA .* writes done$/),
      expect.stringMatching(/^user U0CHIDI .* global done$/),
      expect.stringMatching(/^user U0ANA .* global done$/),
      expect.stringMatching(/^cli root-on-call .* refunds done$/),
      expect.stringMatching(/^token .* kill_on mails done$/),
      expect.stringMatching(/^token .* kill_off mails refused$/),
      expect.stringMatching(/^token .* kill_on bursts done$/),
      expect.stringMatching(/^user U0SAM .* uploads done$/),
      expect.stringMatching(/^cli root-on-call .* payouts done$/),
    ]);
    expect((await signalman('audit', 'verify')).code).toBe(0);
  });
});
