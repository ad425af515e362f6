import { expect, test } from 'vitest';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { judge } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { aPlan, minutesAfterNoon } from '#test/support/builders.ts';
import { startGarbledPrometheus, vector } from '#test/support/garbled-prometheus.ts';

test('a restart of the reader neither doubles nor forges evidence', async () => {
  const prometheus = await startGarbledPrometheus(vector(['0']));
  const queries = {
    requests: 'requests_total{version="$version"}',
    errors: 'errors_total{version="$version"}',
  };
  const metrics = {
    ...{ source: 'prometheus' as const, url: prometheus.url, queries, scrapeIntervalMs: 15_000 },
  };
  const versions = { candidate: '2.4.0', stable: '2.3.3' };
  const plan = aPlan({ metrics });
  const policy = policyOf(plan);
  let state = openEvidence(policy, []);
  let reader = createPrometheusReader();
  let minute = 0;
  const poll = async (total: number) => {
    minute += 1;
    const at = minutesAfterNoon(minute);
    prometheus.respond(vector([String(total)]));
    const reading = await reader.read({
      ...{ service: 'support-agent', environment: 'production', ...versions },
      ...{ metrics, customGuards: [], pollMs: plan.pollMs, at },
    });
    const judged = judge(policy, state, {
      ...{ at, reading, step: 2, weightPercent: 50, nextWeightPercent: 100 },
      ...{ mode: 'step', dwellOver: false, dwellMs: 0, ...versions },
    });
    state = judged.state;
    return judged.verdict.figures.lines[0]?.candidate.observations;
  };

  await poll(1_000);
  expect(await poll(1_200)).toBe(200);
  reader = createPrometheusReader();
  expect(await poll(1_500)).toBe(200);
  expect(await poll(1_560)).toBe(260);
  await prometheus.stop();
});
