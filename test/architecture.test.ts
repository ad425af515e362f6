import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Inner to outer: a layer imports itself and the layers before it. */
const LAYERS = ['domain', 'store', 'operations', 'adapters', 'sandbox'];
/** Where the program begins: these wire, read the environment, and may know everything. */
const ENTRANCES = [
  'main',
  'bot',
  'compose',
  'run',
  'safe-mode',
  'config',
  'cli',
  'agents-thread',
].map((name) => `src/${name}.ts`);

type File = { readonly path: string; readonly text: string; readonly imports: readonly string[] };

const files: readonly File[] = globSync('src/**/*.ts', { exclude: ['src/sandbox/page/**'] }).map(
  readSource,
);
const layerOf = ({ path }: File) => LAYERS.findIndex((layer) => path.startsWith(`src/${layer}/`));
const isEntrance = ({ path }: File) => ENTRANCES.includes(path);
/** Commands of the command line and the start of the sandbox are entrances in their own folder. */
const isBeginning = (file: File) =>
  isEntrance(file) ||
  file.path.startsWith('src/adapters/cli/') ||
  file.path === 'src/sandbox/start.ts';

function readSource(path: string): File {
  const text = withoutComments(readFileSync(path, 'utf8'));
  const imports = all(text, /(?:from|import)[ (]'([^']+)'/g);
  return { path, text, imports };
}

/** What Node loads with it: types are gone before it looks. */
function valuesImportedBy(name: string): readonly string[] {
  const text = withoutComments(readFileSync(name.replace('#', 'src/'), 'utf8'));
  return all(text.replace(/(import|export) type [^;]*;/g, ''), /(?:from|import)[ (]'([^']+)'/g);
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([whole, hit]) => hit ?? whole);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

test('there is something to check in each layer', () => {
  for (const [place] of LAYERS.entries())
    expect(files.filter((file) => layerOf(file) === place).length).toBeGreaterThan(5);
});

describe('every file in a layer imports inward only, and by full names that show the layer', () => {
  test.each(files.filter((file) => layerOf(file) >= 0))('$path', (file) => {
    const outward = LAYERS.slice(layerOf(file) + 1);
    const isWrong = (name: string) =>
      name.startsWith('.') || outward.some((outer) => name.startsWith(`#${outer}/`));
    expect(file.imports.filter(isWrong)).toEqual([]);
  });
});

describe('every file of the domain is pure: it imports the domain alone and never waits', () => {
  test.each(files.filter((file) => layerOf(file) === 0))('$path', ({ imports, text }) => {
    expect(imports.filter((name) => !name.startsWith('#domain/'))).toEqual([]);
    expect(all(text, /\b(async|await)\b/g)).toEqual([]);
  });
});

describe('every file but the entrances is handed its clock, its environment and its dice', () => {
  test.each(files.filter((file) => !isBeginning(file)))('$path', ({ text }) => {
    const taken = /\b(Date\.now\(|new Date\(\)|process\.env|Math\.random\(|console\.)/g;
    expect(all(text, taken)).toEqual([]);
  });
});

describe('no file but the database opens a transaction', () => {
  test.each(files.filter(({ path }) => path !== 'src/store/sqlite/database.ts'))(
    '$path',
    ({ text }) => {
      expect(all(text, /\.transaction\(/g)).toEqual([]);
    },
  );
});

describe('no file loads drizzle by itself, which would be slow: db/drizzle.ts hands it out', () => {
  test.each([...files, readSource('db/schema.ts')])('$path', ({ imports }) => {
    expect(imports.filter((name) => name.startsWith('drizzle-orm'))).toEqual([]);
  });
});

test('the thread that answers agents loads no package, since it would be a second copy of it', () => {
  const loaded = new Set(['#agents-thread.ts']);
  for (const name of loaded)
    if (name.startsWith('#')) for (const one of valuesImportedBy(name)) loaded.add(one);
  expect(loaded.size).toBeGreaterThan(30);
  expect([...loaded].filter((name) => !/^(#(?!db\/)|node:)/.test(name))).toEqual([]);
});

describe('no file keeps more than 300 lines of code', () => {
  test.each(files)('$path', ({ text }) => {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(300);
  });
});
