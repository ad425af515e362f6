import { expect, test } from 'vitest';
import type { Actor } from '#domain/actor.ts';
import { actorFrom, actorText, decode } from '#store/codec.ts';

test.each<[Actor, string]>([
  [{ kind: 'user', id: 'U0ANA' }, 'user:U0ANA'],
  [{ kind: 'git', id: 'name:with:colons' }, 'git:name:with:colons'],
  [{ kind: 'policy', id: '' }, 'policy:'],
])('%j stands in a column as it can be asked for', (actor, text) => {
  expect(actorText(actor)).toBe(text);
  expect(actorFrom(text)).toEqual(actor);
});

test('a column that names nobody whom we know is said so', () => {
  expect(() => actorFrom('robot:R2')).toThrow(/kind/);
  expect(() => actorFrom('somebody')).toThrow();
});

test('a value that does not have its shape is said so by its row', () => {
  expect(decode('former', ['2.3.2'], 'service mail')).toEqual(['2.3.2']);
  expect(() => decode('former', [2], 'service mail')).toThrow(
    'Broken invariant: former of service mail cannot be read',
  );
});
