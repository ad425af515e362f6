import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillQuery } from '#adapters/metrics/prometheus-query.ts';
import { tokenise } from '#adapters/metrics/prometheus-tokens.ts';

const TEMPLATES = [
  'requests_total{service="$service",version="$version"}',
  "errors_total{version='$version',outcome=~'error|timeout'} or vector(0)",
  'sum by (pod) (a{v=`$version`, e!~"$environment.*"}) # “why”',
  'a{said="$service \\" $version"} / on (pod) b{v="$version$version"}',
];
/** Values of people and attackers: plain ones, and pieces of PromQL glued together. */
const piece = fc.constantFrom(
  '"',
  "'",
  '`',
  '\\',
  '}',
  '{',
  ',',
  '=~',
  '#',
  '\n',
  '$version',
  ' or ',
);
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,63}$/) },
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc
    .array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 8 })
    .map((all) => all.join('')),
);

/** The tokens of a text with the content of every string blanked out. */
function structureOf(text: string): readonly string[] {
  const tokens = tokenise(text);
  if (!tokens.ok) throw new Error(`unreadable: ${tokens.refusal.unreadable}`);
  return tokens.value.map(({ kind, text: shown }) => (kind === 'string' ? 'string' : shown));
}

test('no value changes the structure of a query, and a filled string says the value', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEMPLATES), anyValue, anyValue, anyValue, (...drawn) => {
      const [template, service, version, environment] = drawn;
      const filled = fillQuery('q', template, { service, version, environment });
      if (!filled.ok) {
        expect(filled.refusal.code).toBe('unfit_value');
        return;
      }
      expect(structureOf(filled.value)).toEqual(structureOf(template));
      if (template.includes('$version')) {
        expect(filled.value.replaceAll('[.]', '.')).toContain(version);
      }
      expect(filled.value).not.toMatch(/\$[a-z]/);
    }),
    { numRuns: 2_000 },
  );
});

test('the tokens of any text that can be read give the text again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), anyValue), (text) => {
      const tokens = tokenise(text);
      if (tokens.ok) expect(tokens.value.map((token) => token.text).join('')).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});
