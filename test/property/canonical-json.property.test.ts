import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditValue, canonicalJson } from '#domain/audit.ts';

const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
const values = fc.letrec<{ value: AuditValue }>((tie) => ({
  value: fc.oneof(
    texts,
    fc.maxSafeInteger(),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('a text is written as JSON writes it, in the one form that Unicode has for it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(canonicalJson(text)).toBe(JSON.stringify(text.toWellFormed().normalize('NFC')));
    }),
  );
});

test('an entry has the same bytes in whatever order its parts were put together', () => {
  const turned = (value: AuditValue): AuditValue =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).reverse());
  fc.assert(
    fc.property(values, (value) => {
      const json = canonicalJson(value);
      expect(canonicalJson(turned(value))).toBe(json);
      // Whoever reads it gets what was written, and would write the same again.
      expect(canonicalJson(JSON.parse(json))).toBe(json);
    }),
  );
});
