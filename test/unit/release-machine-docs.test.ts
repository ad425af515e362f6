import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RULES } from '#domain/release-rules.ts';

const INTENT_OR_EVENT = /^\s+(\w+) --> (\w+): ([\w ]+)$/gm;
/** What moves a release without being asked of it: the service's own intents, and the ladder's end. */
const EVENTS = ['traffic read back', 'last step allowed', 'start'];

test('the diagram in the docs shows exactly the moves of the rule table', () => {
  const page = readFileSync('docs/release-machine.md', 'utf8');
  const drawn = [...page.matchAll(INTENT_OR_EVENT)]
    .map(([, from, , move]) => ({ from, move }))
    .filter(({ move }) => !EVENTS.includes(move ?? ''))
    .map(({ from, move }) => `${from}: ${move}`);
  const ruled = Object.entries(RULES).flatMap(([phase, intents]) =>
    Object.keys(intents).map((intent) => `${phase}: ${intent}`),
  );
  expect(drawn.toSorted()).toEqual(ruled.toSorted());
});
