import { describe, expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';

type File = { poll?: string; people?: string; service?: string };

const ANA_AND_BO = '{ operators: [U0ANA], approvers: [U0BO] }';

function warningsIn({
  poll = '* * * * *',
  people = ANA_AND_BO,
  service = '{}',
}: File): readonly string[] {
  const yaml = `channel: ops\npoll: "${poll}"\npeople: ${people}\nservices:\n  agent: ${service}\n`;
  const read = readSettings(yaml, { path: 'signalman.yml' });
  if (!read.ok) throw new Error(read.refusal.map(settingsProblemLine).join('\n'));
  return read.value.warnings.map(settingsProblemLine);
}

test('a file that makes sense gets no warning', () => {
  expect(warningsIn({})).toEqual([]);
});

test('a file without services gets one', () => {
  const read = readSettings('channel: ops', { path: 'signalman.yml' });
  expect(read.ok && read.value.warnings.map(settingsProblemLine)).toEqual([
    'signalman.yml:1: services: has no service yet, so there is nothing to release',
  ]);
});

/** Errors on a first start, on a reload and for `signalman check`. */
function unsatisfiableIn(people: string, service = '{}', more = ''): readonly string[] {
  const yaml = `channel: ops\npeople: ${people}\nservices:\n  agent: ${service}\n${more}`;
  const read = readSettings(yaml, { path: 'signalman.yml' });
  if (!read.ok) throw new Error(read.refusal.map(settingsProblemLine).join('\n'));
  return read.value.unsatisfiable.map(settingsProblemLine);
}

describe('people', () => {
  test.each([
    [
      '{ approvers: [U0BO] }',
      'names no operator here or at the top, so nobody can start a release',
    ],
    [
      '{ operators: [U0ANA] }',
      'names no approver here or at the top, so no release gets past its proposal',
    ],
    [
      '{ operators: [U0ANA], approvers: [U0ANA] }',
      'has U0ANA as its only operator and approver, and nobody may approve what they asked for',
    ],
  ])('%s make rules nobody can satisfy', (people, sentence) => {
    expect(unsatisfiableIn(people)).toEqual([
      `signalman.yml:4: services.agent.people: ${sentence}`,
    ]);
  });

  test('are no problem when a group may hold several', () => {
    expect(unsatisfiableIn('{ operators: [S0OPS], approvers: [S0OPS] }')).toEqual([]);
  });

  test('need no approver when nothing needs approval', () => {
    const service = '{ approval: false, unattended_full: true }';
    expect(unsatisfiableIn('{ operators: [U0ANA] }', service)).toEqual([]);
  });

  test('need one for full weight even when the steps ask for nobody', () => {
    expect(unsatisfiableIn('{ operators: [U0ANA] }', '{ approval: false }')).toHaveLength(1);
  });

  test('of a service complete those at the top', () => {
    const service = '{ people: { approvers: [U0SAM] } }';
    expect(unsatisfiableIn('{ operators: [U0ANA] }', service)).toEqual([]);
  });

  test('are one when the file says that both names are of one person', () => {
    const people = '{ operators: [U0ANA], approvers: [U0ANATWO] }';
    expect(unsatisfiableIn(people)).toEqual([]);
    expect(unsatisfiableIn(people, '{}', 'identities: [[U0ANA, U0ANATWO]]')).toHaveLength(1);
  });
});

test('a dwell shorter than three polls gets a warning, three polls get none', () => {
  expect(warningsIn({ service: '{ dwell: 2m }' })).toEqual([
    'signalman.yml:5: services.agent.dwell: waits 2 min at 1 %, less than three polls of 1 min; lengthen dwell or poll more often',
  ]);
  expect(warningsIn({ service: '{ dwell: 3m }' })).toEqual([]);
});

test('a first step for testers gets a warning when there are none', () => {
  expect(warningsIn({ service: '{ strategy: blue-green }' })).toEqual([
    'signalman.yml:5: services.agent.testers: are missing, so at weight 0 nobody gets the candidate',
  ]);
  expect(warningsIn({ service: '{ strategy: blue-green, testers: [user-1] }' })).toEqual([]);
});

test('a poll that runs unevenly gets a warning', () => {
  expect(warningsIn({ poll: '*/7 * * * *', service: '{ dwell: 1h }' })).toEqual([
    'signalman.yml:2: poll: runs unevenly, 4 min to 7 min apart; the watchdog fills gaps longer than 4 min',
  ]);
});

test('own probes alone get a warning, because they compare nothing with stable', () => {
  const metrics = `{ source: prometheus, url: "http://p", queries: { requests: 'x{v="$version"}' } }`;
  const service = `{ metrics: ${metrics}, guards: { custom_lag: { query: lag, max: 1, for: 1m } } }`;
  expect(warningsIn({ service })).toEqual([
    'signalman.yml:5: services.agent.guards: has own probes only, which compare nothing with stable; add error_rate',
  ]);
});

test('asking people without giving them time is a rule nobody can satisfy', () => {
  const service = '{ rollback: { mode: ask, ask_timeout: 0s } }';
  expect(unsatisfiableIn(ANA_AND_BO, service)).toEqual([
    'signalman.yml:4: services.agent.rollback.ask_timeout: asks people and gives them no time to answer; lengthen it, or choose mode: auto',
  ]);
});
