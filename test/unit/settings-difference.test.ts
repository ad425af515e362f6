import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import type { Settings } from '#domain/settings.ts';
import { differenceOf, whyNotEnvironment, whyNotReload } from '#domain/settings-difference.ts';

function settingsFrom(yaml: string): Settings {
  const read = readSettings(yaml, { path: 'signalman.yml' });
  if (!read.ok) throw new Error(read.refusal.map(settingsProblemLine).join('\n'));
  return read.value.settings;
}

const EXAMPLE = readFileSync('signalman.yml', 'utf8');

/** What changes when somebody writes `after` for `before` in the example. */
function edited(before: string, after: string): readonly string[] {
  expect(EXAMPLE).toContain(before);
  return differenceOf(settingsFrom(EXAMPLE), settingsFrom(EXAMPLE.replace(before, after)));
}

const between = (before: string, after: string) =>
  differenceOf(settingsFrom(before), settingsFrom(after));

describe('the difference', () => {
  test('of a file with itself is none', () => {
    expect(differenceOf(settingsFrom(EXAMPLE), settingsFrom(EXAMPLE))).toEqual([]);
  });

  test.each([
    [
      'error_rate: { max: 0.05 }',
      'error_rate: { max: 0.03 }',
      'support-agent: guards.error_rate.max 0.05 → 0.03',
    ],
    [
      'max: 0.03, versus_stable: true',
      'max: 0.03',
      'support-agent: guards.tool_failure_rate.versus_stable true → not set',
    ],
    [
      'versus_stable: true',
      'versus_stable: { margin: 0.01 }',
      'support-agent: guards.tool_failure_rate.versus_stable true → 0.01',
    ],
    ['watch: 5m ', 'watch: 48h ', 'support-agent: watch 5m → 2d'],
    ['testers: []', 'testers: [a, b]', 'support-agent: testers [] → [a, b]'],
    ['approvers: [S0APPROVERS]', 'approvers: [U0BO]', 'people.approvers [S0APPROVERS] → [U0BO]'],
    ['channel: agent-ops', 'channel: ops', 'channel agent-ops → ops'],
    ['    channel: support-ops', '    # channel', 'billing-agent: channel support-ops → not set'],
    [
      '{ operators: [U0SAM] }',
      '{ operators: [U0BO] }',
      'billing-agent: people.operators [U0SAM] → [U0BO]',
    ],
    ['stable: 1.8.0', 'stable: 1.9.0', 'billing-agent: stable 1.8.0 → 1.9.0'],
    [
      '{ operators: [U0SAM] }',
      '{ operators: [U0SAM], approvers: [S0APPROVERS, U0BO] }',
      'billing-agent: people.approvers [] → [U0BO]',
    ],
    ['poll: "*/2 * * * * *"', 'poll: "* * * * * *"', 'poll */2 * * * * * → * * * * * *'],
  ])('of “%s” to “%s” is one line', (before, after, line) => {
    expect(edited(before, after)).toEqual([line]);
  });

  test('of a ladder shows every step with its dwell and who must say yes', () => {
    const before = 'channel: a\nservices:\n  b: { steps: [5, 100], dwell: 1h, approval: [100] }';
    const after =
      'channel: a\nservices:\n  b: { steps: [{ weight: 0, dwell: 30m }, 100], dwell: 1d }';
    expect(between(before, after)).toEqual([
      'b: steps 5 % for 1h, 100 % for 1h on approval → 0 % for 30m on approval, 100 % for 1d on approval',
    ]);
  });

  test('of guards and of how they are watched is told with its full name', () => {
    const before = 'channel: a\nservices:\n  b: { guards: { error_rate: { max: 0.05 } } }';
    const after = `channel: a
identities: [[ana@example.com, U0ANA]]
services:
  b:
    guards: { error_rate: { max: 0.05, weight: 2, critical: true } }
    links: { runbook: "https://wiki/b" }
    rollback: { no_data: roll_back, ask_timeout: 90s }`;
    expect(between(before, after)).toMatchInlineSnapshot(`
      [
        "identities [] → [ana@example.com = U0ANA]",
        "b: rollback.ask_timeout 10m → 90s",
        "b: rollback.no_data hold → roll_back",
        "b: links.runbook not set → https://wiki/b",
        "b: guards.error_rate.weight not set → 2",
        "b: guards.error_rate.critical not set → true",
      ]
    `);
  });

  test('of a guard of their own names its query, its border and how long it may be crossed', () => {
    const withMax = (max: number) => `channel: a
services:
  b:
    guards: { custom_queue: { query: 'q{v="$version"}', max: ${max}, for: 5m } }
    metrics:
      source: prometheus
      url: http://one
      queries: { requests: 'r{v="$version"}', errors: 'e{v="$version"}' }`;
    expect(between(withMax(3), withMax(4))).toEqual(['b: guards.custom_queue.max 3 → 4']);
    expect(between('channel: a\nservices: { b: }', withMax(3))).toEqual(
      expect.arrayContaining([
        'b: guards.custom_queue.query not set → q{v="$version"}',
        'b: guards.custom_queue.for not set → 5m',
      ]),
    );
  });

  test('names services that came and went', () => {
    expect(between('channel: a\nservices: { b: }', 'channel: a\nservices: { c: , d: }')).toEqual([
      'b: removed',
      'c: added',
      'd: added',
    ]);
  });

  test('tells that a secret changed, and never the secret', () => {
    const withHook = (webhook: string) => `channel: a\nalerts: { webhook: "${webhook}" }`;
    const [one, other] = [withHook('https://hook/s3cret'), withHook('https://hook/t0ken')];
    expect(between(one, other)).toEqual(['alerts.webhook changed']);
    expect(between('channel: a', one)).toEqual(['alerts.webhook set']);
    expect(between(one, 'channel: a')).toEqual(['alerts.webhook removed']);
  });

  test('hides the address of a metrics source that holds a password, and shows others', () => {
    const withUrl = (url: string) =>
      `channel: a
services:
  b:
    metrics:
      source: prometheus
      url: ${url}
      queries: { requests: 'r{v="$version"}', errors: 'e{v="$version"}' }`;
    expect(between(withUrl('http://one'), withUrl('http://two'))).toEqual([
      'b: metrics.url http://one → http://two',
    ]);
    expect(between(withUrl('http://one'), withUrl('http://ana:s3cret@two'))).toEqual([
      'b: metrics.url changed',
    ]);
    expect(between('channel: a\nservices: { b: }', withUrl('http://one'))).toEqual(
      expect.arrayContaining([
        'b: metrics.source agent-logs → prometheus',
        'b: metrics.queries.requests not set → r{v="$version"}',
      ]),
    );
  });
});

describe('a reload', () => {
  const before = settingsFrom('channel: a\nservices: { b: , c: }');

  test('goes ahead when every service with a live release stays', () => {
    const after = settingsFrom('channel: a\nservices: { b: }');
    expect(whyNotReload(before, after, ['b'])).toEqual([]);
  });

  test('waits when a service with a live release would go', () => {
    const after = settingsFrom('channel: a\nservices: { c: }');
    expect(whyNotReload(before, after, new Set(['b']))).toEqual([
      'b has a live release; finish it or roll it back, then remove the service',
    ]);
  });

  test('waits for a restart when plain names would mean another environment', () => {
    const after = settingsFrom('channel: a\ndefault_environment: staging\nservices: { b: , c: }');
    expect(whyNotReload(before, after, [])).toEqual([
      'default_environment cannot change while Signalman runs; it stays production',
    ]);
  });
});

describe('another default environment', () => {
  const staging = settingsFrom('channel: a\ndefault_environment: staging');

  test('is refused by a database that was begun with a different one', () => {
    expect(whyNotEnvironment(staging, 'production')).toEqual([
      'default_environment is staging, but in this database every name without an environment is in production',
      'set it back to production, and write what is in staging as support-agent/staging; or begin with another database (DATABASE_PATH)',
    ]);
  });

  test('is fine in a new database, and in its own', () => {
    expect(whyNotEnvironment(staging, undefined)).toEqual([]);
    expect(whyNotEnvironment(staging, 'staging')).toEqual([]);
  });
});
