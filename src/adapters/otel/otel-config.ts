import { no, type Result, yes } from '#domain/result.ts';

/** Where a collector of OpenTelemetry is, and what it gets. */
export type OtelConfig = {
  /** The base: signals are posted to `/v1/metrics` and `/v1/traces` below it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly metrics: boolean;
  readonly traces: boolean;
  readonly metricsEveryMs: number;
};

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry writes them. */
export function readOtelHeaders(text: string): Result<Readonly<Record<string, string>>, string> {
  const headers: Record<string, string> = {};
  for (const [at, pair] of text.split(',').entries()) {
    const [, name = '', value = ''] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const read = decoded(value);
    if (name === '' || read === undefined)
      return no(`entry ${at + 1} is not name=value with the value percent-encoded`);
    headers[name] = read;
  }
  return yes(headers);
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
