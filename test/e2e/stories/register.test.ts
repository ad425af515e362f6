import { hash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { signalBoxForAll } from '#test/support/signal-box.ts';

const box = signalBoxForAll();

describe('the register', { timeout: 40_000 }, () => {
  test('names whoever did something, by whatever way, and whoever was refused', async () => {
    const { ana, bo, chidi, gwen, ops, agents, signalman, register } = box();
    await ana.types('/rollout start support-agent 2.4.0');
    const card = await ops.message(/support-agent: 2\.3\.3 → 2\.4\.0/, { withinMs: 10_000 });
    await gwen.presses('Approve', card);
    await bo.presses('Approve', card);
    await ops.reply(card, /Step 1 of 3/, { withinMs: 10_000 });
    await chidi.types('/rollout rollback support-agent =HYPERLINK("http://evil.example")');
    await ana.types('/rollout flag set new-tone 25%');
    await agents.kill('mails', { active: true, reason: 'seen by a guard' });
    await signalman('kill', 'on', 'writes', 'by', 'hand');

    const entries = (await register()).map(({ body }) => body);
    const by = (action: string, outcome = 'done') =>
      entries
        .filter((entry) => entry.action === action && entry.outcome === outcome)
        .map(({ actor }) => `${actor.kind} ${actor.id}`);
    expect(by('start')).toEqual(['user U0ANA']);
    expect(by('approve', 'refused')).toEqual(['user U0GUEST']);
    expect(by('approve')).toEqual(['user U0BO']);
    expect(by('rollback')).toEqual(['user U0CHIDI']);
    expect(by('kill_on')).toEqual([expect.stringMatching(/^token /), 'cli root-on-call']);
    expect(entries.every(({ actor }) => actor.kind !== '' && actor.id !== '')).toBe(true);
    const switches = entries.filter((entry) => entry['switch_status'] !== undefined);
    expect(switches.map((entry) => entry['switch_status'])).toEqual(
      expect.arrayContaining(['owed', 'applied']),
    );
  });

  test('is exported as lines whose chain anybody can follow, and as a table for spreadsheets', async () => {
    const { signalman, register } = box();
    const { out } = await signalman('audit', 'export', '--format', 'jsonl');
    const lines = out.trim().split('\n');
    let before = '';
    for (const [index, line] of lines.entries()) {
      const { seq, prev, hash: own } = JSON.parse(line);
      expect(seq).toBe(index + 1);
      if (before) expect(prev).toBe(before);
      before = own;
    }
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(hash('sha256', '')).toHaveLength(64);

    const table = await signalman('audit', 'export', '--format', 'csv');
    expect(table.code).toBe(0);
    expect(table.out.split('\n')[0]).toMatch(/seq.*actor.*action.*reason.*outcome/);
    expect(table.out.trim().split('\n')).toHaveLength((await register()).length + 1);
    expect(table.out).not.toMatch(/(^|,|")=HYPERLINK/m);
    expect((await signalman('audit', 'export', '--format', 'xml')).code).toBe(2);
  });

  test('is verified, and a changed line is found by its number', async () => {
    const { signalman, stop, files } = box();
    const intact = await signalman('audit', 'verify');
    expect(intact).toMatchObject({ code: 0, out: expect.stringMatching(/intact: \d+ entries/) });

    await stop();
    const db = new Sqlite(files.database);
    const change = () => db.prepare("UPDATE audit SET body = replace(body, 'U0BO', 'U0ANA')").run();
    expect(change).toThrow(/append-only/);
    db.close();
  });
});
