import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { VARIABLE_NAMES } from '#config.ts';
import { GUARD_LIMITS } from '#domain/guard.ts';

const DOCS = readFileSync('docs/configuration.md', 'utf8');
/** First column of each table row; a row may name two keys. */
const DOCUMENTED = new Set(
  [...DOCS.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, key]) => key),
  ),
);

/** An unknown key is answered with the known ones, which is how all of them are found. */
function knownKeys(yaml: string): readonly string[] {
  const read = readSettings(yaml, { path: 'signalman.yml' });
  const refusal = read.ok ? [] : read.refusal;
  return refusal.flatMap(({ problem }) => /known are (.*)$/.exec(problem)?.[1]?.split(', ') ?? []);
}

const UNKNOWN = 'zzzzzzzz: 1';
const inSection = (section: string) => knownKeys(`channel: a\n${section}: { ${UNKNOWN} }`);
const inService = (keys: string) => knownKeys(`channel: a\nservices: { a: { ${keys} } }`);

describe('docs/configuration.md', () => {
  test.each(VARIABLE_NAMES)('tells what %s means', (name) => {
    expect(DOCUMENTED).toContain(name);
  });

  test.each([
    ['', knownKeys(UNKNOWN)],
    ['people.', inSection('people')],
    ['flags.', inSection('flags')],
    ['audit.', inSection('audit')],
    ['alerts.', inSection('alerts')],
    ['retention.', inSection('retention')],
    ['', inService(UNKNOWN)],
    ['people.', inService(`people: { ${UNKNOWN} }`)],
    ['steps[].', inService(`steps: [{ weight: 100, ${UNKNOWN} }]`)],
    ['rollback.', inService(`rollback: { ${UNKNOWN} }`)],
    ['', inService(`guards: { custom_a: { query: a, max: 1, for: 1m, ${UNKNOWN} } }`)],
    [
      'versus_stable.',
      inService(`guards: { error_rate: { versus_stable: { margin: 0, ${UNKNOWN} } } }`),
    ],
    [
      'metrics.',
      inService(`metrics: { source: prometheus, url: 'http://a', queries: {}, ${UNKNOWN} }`),
    ],
    [
      'metrics.queries.',
      inService(`metrics: { source: prometheus, url: 'http://a', queries: { ${UNKNOWN} } }`),
    ],
  ])('tells what every key of a section means (%s)', (prefix, keys) => {
    expect(keys.length).toBeGreaterThan(0);
    const sections = [
      'people',
      'flags',
      'audit',
      'alerts',
      'retention',
      'rollback',
      'guards',
      'metrics',
      'queries',
    ];
    const missing = keys
      .filter((key) => !sections.includes(key))
      .filter((key) => !DOCUMENTED.has(`${prefix}${key}`));
    expect(missing).toEqual([]);
  });

  test('tells which way the limit of every guard points', () => {
    for (const [name, bound] of Object.entries(GUARD_LIMITS))
      expect(DOCS).toContain(`| \`${name}\` | \`${bound}\` |`);
  });

  test('has an example of Prometheus that is read as it stands', () => {
    const [, example = ''] = /```yaml\n(metrics:[\s\S]*?)```/.exec(DOCS) ?? [];
    const indented = example.replace(/^/gm, '    ');
    const read = readSettings(`channel: a\nservices:\n  a:\n${indented}`, {
      path: 'signalman.yml',
    });
    expect(read.ok || read.refusal).toBe(true);
  });
});
