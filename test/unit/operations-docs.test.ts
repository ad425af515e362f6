import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTelemetry } from '#adapters/telemetry.ts';

const PAGE = readFileSync('docs/operations.md', 'utf8');

test('docs/operations.md tells what every metric of ours means, with its labels', async () => {
  const told = [...PAGE.matchAll(/^\| `(signalman_\w+)` \| (.*?) \|/gm)].map(
    ([, name = '', labels = '']) => ({
      name,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    }),
  );
  const metrics: readonly { name: string; labelNames?: readonly string[] }[] =
    createTelemetry().registry.getMetricsAsArray();
  const kept = metrics
    .filter(({ name }) => name.startsWith('signalman_'))
    .map(({ name, labelNames = [] }) => ({ name, labels: [...labelNames] }));
  expect(told).toEqual(kept);
});

test('docs/operations.md quotes messages of the log as they are written', () => {
  const [, table = ''] = /\| `msg` \|[^\n]*\n([\s\S]*?)\n\n/.exec(PAGE) ?? [];
  const quoted = [...table.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
  );
  const code = globSync('src/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  const unknown = quoted.filter((message) => !code.some((text) => text.includes(`'${message}'`)));
  expect(quoted.length).toBeGreaterThan(8);
  expect(unknown).toEqual([]);
});

test('docs/operations.md starts the process exactly as npm start does', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, started] = /^ExecStart=\/opt\/signalman\/node_modules\/\.bin\/(.*)$/m.exec(PAGE) ?? [];
  expect(started).toBe(scripts.start);
});
