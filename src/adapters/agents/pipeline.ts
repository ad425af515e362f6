/** What a build pipeline tells: a version exists, or should be released. It asks, people approve. */
import { z } from 'zod';
import type { Refused } from '#adapters/agents/agent-deps.ts';
import { type Caller, qualifiedName } from '#adapters/agents/gate.ts';
import { type Answer, json, refused } from '#adapters/http/answer.ts';
import { parseJson } from '#adapters/parse-json.ts';
import type { Actor } from '#domain/actor.ts';
import { isServiceName, isVersion } from '#domain/name.ts';
import { STRATEGIES } from '#domain/plan.ts';
import { no, type Result, yes } from '#domain/result.ts';

const Reversibility = z.enum(['instant', 'drain', 'irreversible']);
const Named = {
  service: z.string().refine(isServiceName, 'must be a service’s name'),
  version: z.string().refine(isVersion, 'must be a version'),
};

/** `Ana <ana@example.com>`, as git writes people, is known by the address alone. */
const author = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((text) => /<([^<>\s]+)>$/.exec(text)?.[1] ?? text);

const Version = z.object({
  ...Named,
  commit: z.string().max(200).optional(),
  digest: z.string().max(200).optional(),
  authors: z.array(author).max(50).default([]),
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  components: z
    .array(
      z.object({
        name: z.string().min(1).max(100),
        version: z.string().max(200).optional(),
        reversibility: Reversibility,
      }),
    )
    .max(50)
    .default([]),
});

const Proposal = z.object({
  ...Named,
  strategy: z.enum(STRATEGIES).optional(),
  note: z.string().max(500).default(''),
});

/** All names are as people write them: `support-agent`, or `support-agent/staging`. */
export type VersionRequest = {
  readonly service: string;
  readonly version: string;
  readonly commit?: string;
  readonly digest?: string;
  /** Who wrote the change; none of them may approve it. */
  readonly authors: readonly string[];
  /** Link to the changes, for cards. */
  readonly link?: string;
  readonly components: readonly {
    readonly name: string;
    readonly version?: string;
    readonly reversibility: 'instant' | 'drain' | 'irreversible';
  }[];
  readonly by: Actor;
};

export type ReleaseRequest = {
  readonly service: string;
  readonly version: string;
  readonly strategy?: 'canary' | 'blue-green';
  readonly note: string;
  readonly by: Actor;
  /** From the `Idempotency-Key` header; the same key proposes once. */
  readonly idempotencyKey?: string;
};

/** What pipelines may ask for. Everything that can refuse does so with a value. */
export type PipelinePorts = {
  readonly registerVersion: (
    request: VersionRequest,
  ) => Promise<Result<{ readonly known: boolean }, Refused>>;
  readonly propose: (
    request: ReleaseRequest,
  ) => Promise<Result<{ readonly release: number; readonly words: string }, Refused>>;
};

export type PipelineCall = {
  readonly caller: Caller;
  readonly text: string;
  readonly idempotencyKey: string | undefined;
};

export type Pipeline = {
  readonly registerVersion: (call: PipelineCall) => Promise<Answer>;
  readonly proposeRelease: (call: PipelineCall) => Promise<Answer>;
};

export const createPipeline = (ports: PipelinePorts): Pipeline => ({
  registerVersion: (call) => registerVersion(ports, call),
  proposeRelease: (call) => proposeRelease(ports, call),
});

async function registerVersion(
  { registerVersion: register }: PipelinePorts,
  { caller, text }: PipelineCall,
): Promise<Answer> {
  const read = readBody(Version, caller, text);
  if (!read.ok) return read.refusal;
  const { service, version, commit, digest, authors, link, components } = read.value;
  const registered = await register({
    service,
    version,
    by: caller.actor,
    authors,
    ...(commit === undefined ? {} : { commit }),
    ...(digest === undefined ? {} : { digest }),
    ...(link === undefined ? {} : { link }),
    components: components.map(({ version: of, ...component }) =>
      of === undefined ? component : { ...component, version: of },
    ),
  });
  if (!registered.ok) return answerRefusal(registered.refusal);
  return json(registered.value.known ? 200 : 201, { service, version });
}

async function proposeRelease(
  { propose }: PipelinePorts,
  { caller, text, idempotencyKey }: PipelineCall,
): Promise<Answer> {
  const read = readBody(Proposal, caller, text);
  if (!read.ok) return read.refusal;
  const { service, version, strategy, note } = read.value;
  const proposed = await propose({
    service,
    version,
    note,
    by: caller.actor,
    ...(strategy ? { strategy } : {}),
    ...(idempotencyKey ? { idempotencyKey } : {}),
  });
  if (!proposed.ok) return answerRefusal(proposed.refusal);
  const { release, words } = proposed.value;
  return json(201, { release, service, version, message: words });
}

/** What was asked for is known but not possible now, or not known at all. */
const STATUS: Readonly<Record<string, number>> = {
  unknown_service: 404,
  release_in_progress: 409,
  already_stable: 409,
  version_locked: 409,
};

const answerRefusal = ({ code, words }: Refused) => refused(STATUS[code] ?? 422, code, words);

function readBody<Body extends { service: string }>(
  schema: z.ZodType<Body>,
  caller: Caller,
  text: string,
): Result<Body, Answer> {
  const value = parseJson(text);
  if (value === undefined) return no(refused(400, 'not_json', 'The body is not JSON.'));
  const body = schema.safeParse(value);
  if (!body.success) {
    const [issue] = body.error.issues;
    const field = issue?.path.join('.') || '(body)';
    return no(refused(400, 'malformed', `${field}: ${issue?.message}`, { field }));
  }
  const service = qualifiedName(caller, body.data.service);
  if (service === undefined) {
    const only = `The token is for ${caller.environment} only.`;
    return no(refused(403, 'other_environment', only, { field: 'service' }));
  }
  return yes({ ...body.data, service });
}
