import { expect, test } from 'vitest';
import { aService, settingsFile, signalBoxFor } from '#test/support/signal-box.ts';

test('a start refuses a file that nobody could work by, or that would leave a live release or give its name another meaning', {
  timeout: 60_000,
}, async (story) => {
  const services = { 'support-agent': aService(), 'billing-agent': aService() };
  const { start, stop, spawn, rewrite, ana, agents } = await signalBoxFor(story, { services });
  const alone = { people: { operators: ['U0ANA'], approvers: ['U0ANA'] } };
  rewrite(settingsFile({ services, settings: alone }));
  const first = spawn();
  expect(await first.ended).toMatchObject({ code: 1 });
  expect(first.output()).toMatch(/signalman\.yml:\d+: .*nobody may approve what they asked for/);

  rewrite(settingsFile({ services }));
  await start();
  await ana.types('/rollout start support-agent 2.4.0');
  await stop('SIGTERM');

  const settings = { default_environment: 'staging' };
  rewrite(settingsFile({ services: { 'billing-agent': aService() }, settings }));
  const started = spawn();
  expect(await started.ended).toMatchObject({ code: 1 });
  expect(started.output()).toMatch(/services: support-agent has a live release; finish it/);
  expect(started.output()).toMatch(
    /default_environment is staging, but in this database every .* is in production\n.*set it back/,
  );

  // The kill switches must not be taken away for a rule, now that there is something to stop.
  rewrite(settingsFile({ services, settings: alone }));
  const later = await start();
  expect(later.output()).toMatch(/nobody may approve .*a rule nobody can satisfy/);
  expect(later.output()).toMatch(/"action":"roles_changed"/);
  expect(await agents.valueOf('support-agent.version')).toBe('2.3.3');
});
