import { expect, test } from 'vitest';
import type { MetricsQuestion } from '#operations/metrics-source.ts';
import { minutesAfterNoon } from '#test/support/builders.ts';
import { startReportingAgents } from '#test/support/reporting-agents.ts';

const question = (over: Partial<MetricsQuestion> = {}): MetricsQuestion => ({
  ...{ service: 'support-agent', environment: 'production', candidate: '2.4.0', stable: '2.3.3' },
  ...{ metrics: { source: 'agent-logs' }, customGuards: [], pollMs: 60_000 },
  at: minutesAfterNoon(10),
  ...over,
});

test('what testers and pinned sessions do is no evidence', async () => {
  const agents = startReportingAgents();
  agents.serve({ version: '2.4.0', requests: 5 }, 'tester');
  agents.serve({ version: '2.4.0', requests: 3 }, 'pinned');
  expect(await agents.reader.read(question())).toMatchObject({ says: 'unknown', reason: 'empty' });

  agents.serve({ version: '2.4.0', requests: 2 });
  expect(await agents.reader.read(question())).toMatchObject({ candidate: { requests: 2 } });
  await agents.stop();
});

test('a version that never reported has zeros, so that guards know what is missing', async () => {
  const agents = startReportingAgents();
  agents.serve({ version: '2.3.3' });
  const reading = await agents.reader.read(question());
  expect(reading).toMatchObject({ candidate: { requests: 0, errors: 0, tool_calls: 0 } });
  await agents.stop();
});

test('the minute that is running is not history yet, and a poll of seconds is widened to minutes', async () => {
  const agents = startReportingAgents();
  agents.serve({ version: '2.3.3', requests: 4 });
  agents.reached(minutesAfterNoon(1));
  agents.serve({ version: '2.3.3', requests: 6 });
  const past = (at: number) =>
    agents.reader.history(question({ at: minutesAfterNoon(at) }), 3, 2_000);
  expect((await past(1.5)).map(({ requests }) => requests)).toEqual([4]);
  expect((await past(2)).map(({ requests }) => requests)).toEqual([4, 6]);
  await agents.stop();
});

test('the configured environment is the one without a name', async () => {
  const agents = startReportingAgents();
  agents.serve({ version: '2.3.3', environment: 'staging', requests: 7 });
  const inStaging = question({ environment: 'staging' });
  expect(await agents.reader.read(inStaging)).toMatchObject({ stable: { requests: 7 } });
  expect(await agents.reader.read(question())).toMatchObject({ says: 'unknown' });
  await agents.stop();
});
