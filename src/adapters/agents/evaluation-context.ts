import { isRecord, parseJson } from '#adapters/parse-json.ts';
import type { EvaluationContext } from '#domain/evaluation.ts';
import { no, type Result, yes } from '#domain/result.ts';

export type ContextProblem = {
  readonly errorCode: 'PARSE_ERROR' | 'INVALID_CONTEXT';
  readonly errorDetails: string;
};

const parseError = (errorDetails: string) =>
  no({ errorCode: 'PARSE_ERROR', errorDetails } as const);
const invalid = (errorDetails: string) =>
  no({ errorCode: 'INVALID_CONTEXT', errorDetails } as const);

/** Reads `{"context": {…}}` for what matters here; any other attribute is welcome and unused. */
export function readContext(text: string): Result<EvaluationContext, ContextProblem> {
  const body = parseJson(text);
  if (body === undefined) return parseError('The body is not JSON.');
  if (!isRecord(body)) return parseError('The body is not a JSON object.');
  const { context } = body;
  if (!isRecord(context)) return invalid('“context” must be an object.');

  // Unleash's SDKs say userId where OpenFeature's say targetingKey.
  const targetingKey = context.targetingKey ?? context.userId;
  if (!isAbsentOrText(targetingKey)) return invalid('“targetingKey” must be a string.');
  const sessionVersion = context.session_version;
  if (!isAbsentOrText(sessionVersion)) return invalid('“session_version” must be a string.');
  const versions = readVersions(context.versions);
  if (!versions) return invalid('“versions” must be a list of strings, or one with commas.');

  return yes({
    ...(targetingKey ? { targetingKey } : {}),
    ...(sessionVersion ? { sessionVersion } : {}),
    ...(versions.length > 0 ? { versions } : {}),
  });
}

const isAbsentOrText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';

/** Some SDKs carry only strings, so `2.3.3,2.4.0` is a list too. An empty list says nothing. */
function readVersions(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  const parts = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(parts)) return undefined;
  const versions: string[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') return undefined;
    if (part.trim()) versions.push(part.trim());
  }
  return versions;
}
