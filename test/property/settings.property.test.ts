import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import type { Settings } from '#domain/settings.ts';
import { differenceOf } from '#domain/settings-difference.ts';

const EXAMPLE = readFileSync('signalman.yml', 'utf8');
const LINES = EXAMPLE.split('\n');
/** What people and editors really put into files, beside plain rubbish. */
const SNIPPETS = [
  ...['0', '-1', '1e999', '101', '5%', '2.10', 'true', 'null', '~', '', '[]', '{}', '[1, [2]]'],
  ...['&a [*a]', '*a', '!!js/function "x"', '<<: *a', '__proto__: { a: 1 }', 'constructor: 1'],
  ...['"', "'", '- ', ': ', '#', '\t', '|', '>', '?', '---', '%YAML 9', '\u0000', '\ud800', '\r'],
  ...['global', 'kill', '30s', '999999d', '0s', '"* * * * *"', 'U0ANA', 'steps', 'guards:'],
];

const snippet = fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 8 }));
const place = fc.nat({ max: EXAMPLE.length });
const lineAt = fc.nat({ max: LINES.length - 1 });

type Mutation = (yaml: string) => string;
const onLines =
  (change: (lines: string[]) => string[]): Mutation =>
  (yaml) =>
    change(yaml.split('\n')).join('\n');

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, snippet).map(
    ([at, text]): Mutation =>
      (yaml) =>
        yaml.slice(0, at) + text + yaml.slice(at),
  ),
  fc.tuple(place, fc.nat({ max: 30 })).map(
    ([at, length]): Mutation =>
      (yaml) =>
        yaml.slice(0, at) + yaml.slice(at + length),
  ),
  lineAt.map((at) => onLines((lines) => lines.toSpliced(at, 1))),
  fc
    .tuple(lineAt, lineAt)
    .map(([from, to]) => onLines((lines) => lines.toSpliced(to, 0, lines[from] ?? ''))),
  fc
    .tuple(lineAt, fc.nat({ max: 6 }))
    .map(([at, indent]) =>
      onLines((lines) =>
        lines.with(Math.min(at, lines.length - 1), ' '.repeat(indent) + (lines[at] ?? '').trim()),
      ),
    ),
  // The likeliest slip: another value behind a key that is right.
  fc.tuple(lineAt, snippet).map(([at, text]) =>
    onLines((lines) =>
      lines.with(
        Math.min(at, lines.length - 1),
        (lines[at] ?? '').replace(/: .*/, () => `: ${text}`),
      ),
    ),
  ),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const mutated = mutations.map((all) => all.reduce((yaml, mutate) => mutate(yaml), EXAMPLE));

const read = (yaml: string) => readSettings(yaml, { path: 'signalman.yml' });

function example(): Settings {
  const settings = read(EXAMPLE);
  if (!settings.ok) throw new Error('the example is not readable');
  return settings.value.settings;
}

function expectUsable({ services, pollMs }: Settings) {
  expect(pollMs).toBeGreaterThanOrEqual(1_000);
  for (const { plan } of services.values()) {
    const weights = plan.steps.map(({ weightPercent }) => weightPercent);
    expect(weights).toEqual([...new Set(weights)].toSorted((a, b) => a - b));
    expect(weights.at(-1)).toBe(100);
    expect(weights.every((weight) => Number.isInteger(weight) && weight >= 0)).toBe(true);
    expect(plan.holdbackPercent).toBeLessThan(100);
    for (const { limit, versusStable } of plan.guards) expect(limit ?? versusStable).toBeDefined();
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  }
}

/** Whatever an edit changes is told, and nothing else is. */
function expectTold(before: Settings, after: Settings) {
  const isSame = isDeepStrictEqual(inOneOrder(before), inOneOrder(after));
  expect(differenceOf(before, after).length === 0).toBe(isSame);
}

/** In which order guards stand in the file says nothing. */
function inOneOrder(settings: Settings): Settings {
  const services = [...settings.services].map(([name, service]) => {
    const guards = service.plan.guards.toSorted((a, b) => a.name.localeCompare(b.name));
    return [name, { ...service, plan: { ...service.plan, guards } }] as const;
  });
  return { ...settings, services: new Map(services) };
}

describe('a spoilt settings file', () => {
  test('is usable and its changes are told, or every problem has a line and a sentence', () => {
    const before = example();
    const counted = { usable: 0, refused: 0 };
    fc.assert(
      fc.property(mutated, (yaml) => {
        const settings = read(yaml);
        counted[settings.ok ? 'usable' : 'refused'] += 1;
        if (settings.ok) {
          expectUsable(settings.value.settings);
          return expectTold(before, settings.value.settings);
        }
        expect(settings.refusal.length).toBeGreaterThan(0);
        const lines = yaml.split(/\r?\n/).length;
        for (const { line, problem } of settings.refusal) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(problem).toMatch(/^\S.{5,}$/s);
          expect(problem).not.toMatch(/invalid input|received|undefined|\[object/i);
        }
      }),
      { numRuns: 300 },
    );
    // Mutations that always break the file, or never, would prove nothing.
    expect(counted.usable).toBeGreaterThan(30);
    expect(counted.refused).toBeGreaterThan(100);
  });

  test('is refused or read even when it is nothing but rubbish', () => {
    fc.assert(
      fc.property(
        fc.array(snippet, { maxLength: 40 }),
        fc.constantFrom('', ' ', '\n'),
        (parts, glue) => {
          const settings = read(parts.join(glue));
          expect(settings.ok || settings.refusal.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('may be nested deeper than any stack', () => {
    for (const deep of ['['.repeat(5_000), 'a: {'.repeat(5_000), '- '.repeat(5_000)])
      expect(read(deep).ok).toBe(false);
  });
});
