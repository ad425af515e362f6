import { expect, test } from 'vitest';
import { trusted } from '#domain/actor.ts';
import { pollServices } from '#operations/poll-services.ts';
import { startRelease } from '#operations/start-release.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { ana, aPlan, reading, totals } from '#test/support/builders.ts';
import { ground } from '#test/support/slack-bot.ts';
import { someSettings } from '#test/support/some-settings.ts';

const SERVICES = 20;

/** Many services, each with a release under way that nobody needs to approve. */
async function manyReleases() {
  const plan = { steps: aPlan().steps.map((step) => ({ ...step, approval: false })) };
  const [one] = someSettings({ plan }).services.values();
  if (!one) throw new Error('there are no services');
  const names = Array.from({ length: SERVICES }, (_, at) => `agent-${at}`);
  const services = new Map(names.map((name) => [name, { ...one, name }]));
  const base = { ...(await ground({ settings: { services } })), serviceNames: () => names };
  for (const service of names)
    await startRelease(base, {
      ...{ service, version: '2.4.0', note: '', by: ana, inboxKey: `start ${service}` },
    });
  const metrics = {
    read: async () => reading(base.clock(), totals(10), totals(90)),
    history: async () => [],
  };
  return { ...base, metrics, defaultEnvironment: () => 'production' };
}

test('a kill does not wait until all releases of a poll are judged', async () => {
  const deps = await manyReleases();
  const committed: string[] = [];
  deps.store.onCommit(({ aggregate }) => committed.push(aggregate.kind));
  const polling = pollServices(deps);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await throwKillSwitch(
    { ...deps, override: deps.snapshots },
    { name: 'writes', intent: { to: 'on', by: trusted(ana.actor), reason: 'too many refunds' } },
  );
  expect(await polling).toEqual({ services: SERVICES, failed: 0 });
  expect(committed.filter((kind) => kind === 'service')).toHaveLength(SERVICES);
  expect(committed.indexOf('killswitch')).toBeLessThan(SERVICES / 2);
});
