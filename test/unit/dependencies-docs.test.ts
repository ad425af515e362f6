import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const [, atRunTime = '', forDevelopment = ''] = readFileSync('docs/dependencies.md', 'utf8').split(
  /^## .*$/m,
);

/** The rows of a table: what stands in its first column, and what is said of it. */
const rowsOf = (section: string) =>
  [...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name = '', why = '']) => ({
    name,
    why,
  }));

describe.each([
  ['at run time', atRunTime, dependencies],
  ['for development', forDevelopment, devDependencies],
])('docs/dependencies.md, %s', (_, section, wanted) => {
  test('names exactly the packages of package.json, in its order', () => {
    expect(rowsOf(section).map(({ name }) => name)).toEqual(Object.keys(wanted));
  });

  test('says of each why it is there', () => {
    const unsaid = rowsOf(section).filter(({ why }) => why.length < 10);
    expect(unsaid).toEqual([]);
  });

  test('speaks of pinned versions, and each one is', () => {
    const loose = Object.entries<string>(wanted).filter(([, version]) => !/^\d/.test(version));
    expect(loose).toEqual([]);
  });
});
