import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const wanted = JSON.parse(readFileSync('package.json', 'utf8'));
type Locked = {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
};
const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

test('every package that we ask for is pinned to one exact version', () => {
  const { dependencies, devDependencies, overrides } = wanted;
  const asked = Object.entries<string>({ ...dependencies, ...devDependencies, ...overrides });
  expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('what the lock file names is held to a digest, every package of it', () => {
  expect(packages.length).toBeGreaterThan(100);
  const loose = packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('install scripts run for node alone, and every package that has one is decided about', () => {
  const decided: Record<string, boolean> = wanted.allowScripts;
  expect(Object.keys(decided).filter((name) => decided[name])).toEqual(['node']);
  const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = withScript.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
  expect([...new Set(names)].filter((name) => !(name in decided))).toEqual([]);
});

test('npm takes nothing that is younger than a week, and saves exact versions', () => {
  const lines = readFileSync('.npmrc', 'utf8').split('\n');
  expect(lines).toContain('min-release-age=7');
  expect(lines).toContain('save-exact=true');
});

test('the build machine installs what the lock file names, and nothing else', () => {
  const script = readFileSync('.ci/run', 'utf8');
  expect(script).toMatch(/^npm ci /m);
  expect(script).not.toMatch(/npm (i|install|add|update)\b|npx --yes/);
});
