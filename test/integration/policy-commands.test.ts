/** The policy on the command line, as an operator meets it before arming guards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { policyCommand } from '#adapters/cli/policy-command.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { rollUp } from '#domain/roll-up.ts';
import { asInstant, HOUR_MS } from '#domain/time.ts';
import { createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { dice } from '#test/bench/policy/dice.ts';

const SETTINGS = `
channel: agent-ops
people: { operators: [U0ANA], approvers: [U0BEN] }
services:
  support-agent: { stable: 2.3.3, dwell: 24h }
`;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function operator() {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  folders.push(folder);
  const configPath = join(folder, 'signalman.yml');
  const databasePath = join(folder, 'signalman.db');
  writeFileSync(configPath, SETTINGS);
  const heard: string[] = [];
  const types = async (line: string) => {
    heard.length = 0;
    const status = await policyCommand.run({
      words: line.split(' '),
      configPath,
      databasePath,
      config: { ok: false, refusal: [] },
      login: 'ana',
      say: (words) => heard.push(words),
      complain: (words) => heard.push(words),
    });
    return { status, words: heard.join('\n') };
  };
  return { types, databasePath };
}

/** Two hours of stable traffic that ended just now: ten requests a minute by 100 users. */
function record(databasePath: string, isBad: (key: number, roll: number) => boolean): void {
  const db = openDatabase(databasePath);
  const store = createAgentLogStore(db);
  const now = Date.now();
  const roll = dice(3);
  const logs = Array.from({ length: 1_200 }, (_, index): AgentLog => {
    const key = Math.floor(roll() * 100);
    return {
      service: 'support-agent',
      version: '2.3.3',
      at: asInstant(now - 2 * HOUR_MS + Math.floor((index * 2 * HOUR_MS) / 1_200)),
      success: !isBad(key, roll()),
      toolCalls: 0,
      toolFailures: 0,
      injections: 0,
      unexpectedTools: 0,
      key: `user-${key}`,
      assigned: 'split',
    };
  });
  const batch = { items: JSON.stringify(logs), rollUps: rollUp(logs) };
  store.record([{ ...batch, at: asInstant(now), digest: 'one' }]);
  db.$client.close();
}

describe('policy plan', () => {
  test('says how long each step will take with the traffic it is given', async () => {
    const { types } = operator();
    const given = '--requests-per-day 500 --keys 30 --bad-rate 0.02';
    const { status, words } = await types(`plan --service support-agent ${given}`);
    expect(status).toBe(0);
    expect(words).toContain('support-agent: 500 requests a day by 30 users, 2.0 % of them bad.');
    expect(words).toMatch(/all steps: about \d+ d/);
    expect(words).toContain('Faster: steps 20, 50, 100 %');
  });

  test('takes the traffic that was recorded', async () => {
    const { types, databasePath } = operator();
    record(databasePath, (_, roll) => roll < 0.02);
    const { status, words } = await types('plan --service support-agent');
    expect(status).toBe(0);
    expect(words).toMatch(/support-agent: 1\d \d{3} requests a day by 100 users/);
  });

  test('asks for numbers when nothing was recorded, and refuses what it cannot read', async () => {
    const { types } = operator();
    expect(await types('plan --service support-agent')).toMatchObject({ status: 1 });
    expect(await types('plan --service other')).toMatchObject({ status: 1 });
    expect(await types('plan')).toMatchObject({ status: 2 });
    const half = await types('plan --service support-agent --requests-per-day 500');
    expect(half).toMatchObject({ status: 2, words: expect.stringContaining('How many users') });
  });
});

describe('policy calibrate', () => {
  test('lets random cohorts of recorded traffic play the candidate', async () => {
    const { types, databasePath } = operator();
    record(databasePath, (_, roll) => roll < 0.02);
    const { status, words } = await types('calibrate --service support-agent --cohorts 20');
    expect(status).toBe(0);
    expect(words).toContain('20 random cohorts of stable traffic as candidates');
    expect(words).toContain('0 of 20 (0 %) would have been stopped');
  });

  test('says so when nothing is kept, and how many cohorts it takes', async () => {
    const { types } = operator();
    const nothing = await types('calibrate --service support-agent');
    expect(nothing).toMatchObject({ status: 1, words: expect.stringContaining('No logs') });
    const none = await types('calibrate --service support-agent --cohorts 0');
    expect(none).toMatchObject({ status: 2 });
  });
});
