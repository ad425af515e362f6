import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { machine, ROOT } from '#test/support/node-process.ts';
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

  test('is exported as lines whose chain anybody can follow, and as a table', async () => {
    const { signalman } = box();
    const [lines, table] = await Promise.all([
      signalman('audit', 'export'),
      signalman('audit', 'export', '--format', 'csv'),
    ]);
    const entries = lines.out.trim().split('\n');
    let prev = '00'.repeat(32);
    for (const [index, line] of entries.entries()) {
      // The body's own bytes are hashed, so it is cut out and not read and written again.
      const body = line.slice(line.indexOf('"body":') + '"body":'.length, -1);
      const leaf = sha256(Buffer.concat([Buffer.of(0), Buffer.from(body)]));
      const own = sha256(Buffer.concat([Buffer.from(prev, 'hex'), leaf])).toString('hex');
      expect(JSON.parse(line)).toMatchObject({ seq: index + 1, prev, hash: own });
      prev = own;
    }
    const [head, ...rows] = table.out.trim().split('\n');
    expect(head).toMatch(/seq.*actor.*action.*reason.*outcome/);
    expect(rows).toHaveLength(entries.length);
    expect(table.out).toMatch(/HYPERLINK/);
    expect(table.out).not.toMatch(/(^|,)"?=HYPERLINK/m);
  });

  test('is read as far as somebody wants to read it', async () => {
    const { files } = box();
    const line = 'set -o pipefail; "$0" "$1" audit export | true';
    const env = { ...machine(), DATABASE_PATH: files.database };
    const reading = spawn('bash', ['-c', line, process.execPath, `${ROOT}src/cli.ts`], { env });
    expect(await once(reading, 'close')).toEqual([0, null]);
  });

  test('tells when an old backup was restored, and lets nothing forward until somebody accepts', async () => {
    const { signalman, start, stop, files, ana, ops, agents } = box();
    const backup = `${files.database}.backup`;
    expect((await signalman('backup', backup)).code).toBe(0);
    await agents.kill('uploads', { active: true, reason: 'too large' });
    await stop();
    for (const end of ['-wal', '-shm']) rmSync(files.database + end, { force: true });
    copyFileSync(backup, files.database);
    const old = await signalman('audit', 'verify');
    expect(old).toMatchObject({
      code: 3,
      err: expect.stringMatching(/it was cut off, or an older/),
    });

    await start();
    await ops.message(
      /Nothing goes forward: the register has \d+ entries, and its last checkpoint/,
    );
    const refused = await ana.types('/killswitch off writes');
    expect(refused.text).toMatch(/Until an operator has looked and typed `signalman audit accept`/);
    await agents.kill('uploads', { active: true, reason: 'too large' });
    const accepted = await signalman('audit', 'accept', 'the', 'disk', 'broke');
    expect(accepted).toMatchObject({ code: 0, out: expect.stringMatching(/is accepted as it is/) });
    expect((await ana.types('/killswitch off writes')).text).toMatch(/“writes” is off/);
  });

  test('is verified, and the entry that somebody changed is found by its number', async () => {
    const { signalman, stop, files } = box();
    const intact = await signalman('audit', 'verify');
    expect(intact).toMatchObject({ code: 0, out: expect.stringMatching(/intact: \d+ entries/) });
    expect(intact.out).toMatch(/agrees with the checkpoint of \d+ entries/);

    await stop();
    const db = new Sqlite(files.database);
    const byBo = db.prepare("SELECT seq FROM audit WHERE body LIKE '%U0BO%'").pluck().get();
    const change = () => db.exec("UPDATE audit SET body = replace(body, 'U0BO', 'U0ANA')");
    expect(change).toThrow(/append-only/);
    db.exec('DROP TRIGGER audit_no_update');
    change();
    db.close();

    const broken = await signalman('audit', 'verify');
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(new RegExp(`broken at entry ${byBo}: `));
  });
});

const sha256 = (bytes: Buffer) => hash('sha256', bytes, 'buffer');
