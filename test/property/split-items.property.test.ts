import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsOfArray, linesOf } from '#adapters/agents/split-items.ts';
import { parseJson } from '#adapters/parse-json.ts';

/** Undefined when one of them is no JSON, as for a text that is no array. */
function read(text: string): unknown {
  const items = [...itemsOfArray(Buffer.from(text))].map(parseJson);
  return items.includes(undefined) ? undefined : items;
}

const anyArray = fc.array(fc.jsonValue(), { maxLength: 8 });
const anySpace = fc.constantFrom('', ' ', '\t', '\n  ');

test('the items of an array are found wherever it is broken into lines', () => {
  fc.assert(
    fc.property(anyArray, anySpace, (value, space) => {
      const text = `${space}${JSON.stringify(value, null, space)}${space}`;
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('what is no array is found out, whatever is wrong with it', () => {
  const slip = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    removed: fc.nat(1),
    added: fc.constantFrom('', ',', '[', ']', '{', '}', '"', '\\', ' ', '1', ':'),
  });
  fc.assert(
    fc.property(anyArray, slip, (value, { at, removed, added }) => {
      const text = JSON.stringify(value);
      const place = 1 + Math.floor(at * text.length);
      const wrong = `${text.slice(0, place)}${added}${text.slice(place + removed)}`;
      expect(read(wrong)).toEqual(parseJson(wrong));
    }),
  );
});

test('lines are those that splitting would give', () => {
  const anyText = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n'), { maxLength: 12 });
  fc.assert(
    fc.property(anyText, (parts) => {
      const text = parts.join('');
      const lines = text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      expect([...linesOf(Buffer.from(text))]).toEqual(lines);
    }),
  );
});
