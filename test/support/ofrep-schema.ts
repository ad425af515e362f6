/** The answers of the OpenFeature Remote Evaluation Protocol, as its OpenAPI document has them. */
import { z } from 'zod';

const Metadata = z.record(z.string(), z.union([z.boolean(), z.string(), z.number()]));
const Key = z.string();

/** `DEFAULT` is missing from the published list although the protocol's own decisions use it. */
const Reason = z.enum(['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'UNKNOWN', 'DEFAULT']);

/** The protocol allows an answer without a value; we promise one, so it is required here. */
const Success = z.strictObject({
  key: Key,
  reason: Reason,
  variant: z.string().optional(),
  value: z.union([z.boolean(), z.string(), z.number(), z.record(z.string(), z.unknown())]),
  metadata: Metadata.optional(),
});

const Failure = z.strictObject({
  key: Key,
  errorCode: z.enum(['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL']),
  errorDetails: z.string().optional(),
  metadata: Metadata.optional(),
});

const NotFound = z.strictObject({
  key: Key,
  errorCode: z.literal('FLAG_NOT_FOUND'),
  errorDetails: z.string().optional(),
  metadata: Metadata.optional(),
});

const EventStream = z
  .object({
    type: z.string(),
    url: z.url().optional(),
    endpoint: z
      .object({ origin: z.url().optional(), requestUri: z.string().regex(/^\//) })
      .optional(),
    inactivityDelaySec: z.number().int().min(1).optional(),
  })
  .refine(({ url, endpoint }) => (url === undefined) !== (endpoint === undefined));

const Bulk = z.strictObject({
  flags: z.array(z.union([Success, Failure])),
  metadata: Metadata.optional(),
  eventStreams: z.array(EventStream).optional(),
});

const BulkFailure = z.object({ errorCode: z.string(), errorDetails: z.string().optional() });
const General = z.strictObject({ errorDetails: z.string().optional() });

export const StreamData = z.strictObject({
  type: z.literal('refetchEvaluation'),
  etag: z.string().optional(),
  lastModified: z.union([z.number().int().min(0), z.iso.datetime()]).optional(),
});

const SINGLE: Readonly<Record<number, z.ZodType | undefined>> = {
  200: Success,
  400: Failure,
  404: NotFound,
  500: General,
};
const BULK: Readonly<Record<number, z.ZodType | undefined>> = {
  200: Bulk,
  400: BulkFailure,
  500: General,
};
const WITHOUT_BODY = [304, 401, 403, 429];

/** The parsed body of an answer, or a complaint about where it is not what the protocol says. */
export async function readOfrep(response: Response, kind: 'single' | 'bulk'): Promise<unknown> {
  const text = await response.text();
  if (WITHOUT_BODY.includes(response.status)) {
    if (text !== '') throw new Error(`${response.status} has a body: ${text}`);
    return undefined;
  }
  const schema = (kind === 'single' ? SINGLE : BULK)[response.status];
  if (!schema) throw new Error(`OFREP knows no status ${response.status} (${text})`);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) throw new Error(`unexpected type ${type}`);
  return schema.parse(JSON.parse(text));
}
