import { expect, test } from 'vitest';
import { evidenceCommand } from '#adapters/cli/evidence-command.ts';
import { no, yes } from '#domain/result.ts';
import { steerService } from '#operations/steer-service.ts';
import { approve, aService, bo, chidi, start } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

test('the document of a release says who asked, who else said yes, what came of it, and what is missing', async () => {
  const base = aStore();
  const deps = { ...base, serviceNames: () => ['support-agent'] };
  const service = aService({ nextReleaseId: 1 });
  await base.store.change(
    { kind: 'service', name: 'support-agent' },
    () => yes({ next: service, owes: [] }),
    { at: base.clock() },
  );
  for (const intent of [
    start({ note: 'shorter | answers' }),
    approve(0, { release: 1, by: bo }),
    { to: 'rollback', by: chidi, reason: '<b>too short</b>' } as const,
  ])
    expect(await steerService(deps, { service: 'support-agent', intent })).toMatchObject({
      ok: true,
    });

  const said: string[] = [];
  const ask = (...words: string[]) =>
    evidenceCommand.run({
      ...{ config: no([]), databasePath: base.path, configPath: 'nowhere', words, login: 'ana' },
      say: (line) => said.push(line),
      complain: (line) => said.push(line),
    });
  expect(await ask('1')).toBe(0);
  expect(said[0]).toMatch(/Requested by user:U0ANA .* shorter \\\| answers/);
  expect(said[0]).toMatch(/\| 1 \| 1 % \| .*\(entry 2\) \| user:U0BO \| .* \| yes \| yes \| no \|/);
  expect(said[0]).toMatch(/rollback .*\\<b\\>too short/);
  expect(said[0]).toMatch(/no checkpoint vouches for entry 3 yet/);
  expect(await ask('#1', '--format', 'json')).toBe(0);
  expect(JSON.parse(said[1] ?? '')).toMatchObject({
    outcome: 'rolling_back',
    steps: [{ step: 1 }, {}, {}, { entered: null }],
  });
  expect(await ask('2')).toBe(1);
  expect(await ask('twelve')).toBe(2);
});
