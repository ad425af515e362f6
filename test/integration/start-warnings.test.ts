import { expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { trusted } from '#domain/actor.ts';
import { yes } from '#domain/result.ts';
import { registerVersion } from '#operations/register-version.ts';
import { startRelease } from '#operations/start-release.ts';
import { ana, aService, noon } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

const NAME = 'support-agent';

/** 2.3.3 is stable after 2.3.2, and a pipeline has told of these versions. */
async function aHouse(...registered: string[]) {
  const { store, queries, clock } = aStore();
  const read = readSettings(`channel: agent-ops\nservices: { ${NAME}: { stable: 2.3.3 } }`, {
    path: 'signalman.yml',
  });
  if (!read.ok) throw new Error('the settings are faulty');
  const { settings } = read.value;
  const deps = { store, queries, clock, settings: () => settings, serviceNames: () => [NAME] };
  await store.change({ kind: 'service', name: NAME }, () => yes({ next: aService(), owes: [] }), {
    at: noon,
  });
  const by = trusted({ kind: 'token', id: 'pipeline' });
  for (const version of registered)
    await registerVersion(deps, {
      service: NAME,
      version,
      components: [],
      authors: [],
      by,
    });
  return async (version: string) => {
    const wish = { service: NAME, version, note: '', by: ana, inboxKey: version };
    const outcome = await startRelease(deps, wish);
    if (!outcome.ok) throw new Error(`was refused: ${outcome.refusal.code}`);
    return outcome.value.warnings.find(({ what }) => what === 'unheard_version');
  };
}

test.for([
  { typed: 'v2.3.3', meant: '2.3.3' },
  { typed: 'v2.4.0', meant: '2.4.0' },
  { typed: '2.4.00', meant: '2.4.0' },
])('a version nobody has heard of, $typed, comes with the one that was meant', async (story) => {
  const start = await aHouse('2.4.0');
  expect(await start(story.typed)).toMatchObject({ meant: story.meant });
});

test('the next version is not taken for a slip of the stable one', async () => {
  const start = await aHouse('2.3.3', '2.3.2');
  expect(await start('2.3.4')).toEqual({ what: 'unheard_version', version: '2.3.4' });
});

test('a former stable version is known', async () => {
  const start = await aHouse();
  expect(await start('2.3.2')).toBeUndefined();
});
