import type { MetricsSource } from '#domain/plan.ts';
import type { MetricsReader } from '#operations/metrics-source.ts';

/** One reader for all: each release names its source in its plan. */
export function bySource(
  readers: Readonly<Record<MetricsSource['source'], MetricsReader>>,
): MetricsReader {
  return {
    read: (question) => readers[question.metrics.source].read(question),
    history: (question, windows, windowMs) =>
      readers[question.metrics.source].history(question, windows, windowMs),
  };
}
