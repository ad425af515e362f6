import { type Finding, fine, problem } from '#adapters/cli/finding.ts';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import { splitName } from '#domain/name.ts';
import type { Settings } from '#domain/settings.ts';
import type { Instant } from '#domain/time.ts';

/** Asks each Prometheus what a poll would ask, of the stable version against itself. */
export async function checkMetrics(settings: Settings, at: Instant): Promise<readonly Finding[]> {
  const reader = createPrometheusReader();
  const services = [...settings.services.values()];
  return await Promise.all(
    services
      .filter(({ plan }) => plan.metrics.source === 'prometheus')
      .map(async ({ name, stable = '', plan }) => {
        const { base, environment = settings.defaultEnvironment } = splitName(name);
        const { metrics, customGuards, pollMs } = plan;
        const versions = { candidate: stable, stable };
        const question = {
          service: base,
          environment,
          ...versions,
          metrics,
          customGuards,
          pollMs,
          at,
        };
        const reading = await reader.read(question);
        if (reading.says === 'counted')
          return fine(
            `${name}: Prometheus counts ${reading.stable.requests} requests of ${stable}`,
          );
        return problem(
          `${name}: Prometheus gave no usable answer (${reading.reason}: ${reading.detail}); ` +
            'check metrics.url and metrics.queries in the configuration',
        );
      }),
  );
}
