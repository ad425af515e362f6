import { assert } from '#domain/result.ts';
import type { Named } from '#domain/roll-up.ts';
import type { Pace } from '#operations/pace.ts';
import type { Kept, LogBatch, LogKeeper, LogPart } from '#store/agent-logs.ts';

/** A batch that was read whole, ready to be kept or known as a repeat. */
export type AgentLogBatch = LogBatch & {
  readonly parts: readonly LogPart[];
  readonly named: readonly Named[];
  /** Its first parts were staged under this name already. */
  readonly staged?: string;
};

/** The versions known of a service, or undefined when nobody configured it. */
export type KnownVersions = (service: string) => ReadonlySet<string> | undefined;

export type IngestDeps = {
  readonly logs: Omit<LogKeeper, 'pruneParts'>;
  readonly paced: Pace;
  readonly uniqueId: () => string;
  readonly knownVersions: KnownVersions;
};

export type UnknownName = Named & {
  /** The service is known, so it is the version that is not; perhaps it was meant to be this one. */
  readonly meant?: string;
  readonly isServiceKnown: boolean;
};

export type Ingested = {
  readonly outcome: Kept['is'];
  readonly unknown: readonly UnknownName[];
};

/** Keeps a batch. What is unknown in it is no error: a version may serve before it is announced. */
export async function ingestAgentLogs(deps: IngestDeps, batch: AgentLogBatch): Promise<Ingested> {
  if (batch.staged === undefined && batch.parts.length <= 1) {
    const [ingested] = ingestTogether(deps, [batch]);
    assert(ingested, 'a batch that was kept is answered');
    return ingested;
  }
  const { is } = await keepInParts(deps, batch);
  return { outcome: is, unknown: findUnknown(deps.knownVersions, batch.named) };
}

const NOTHING: LogPart = { items: '[]', rollUps: [] };

/** Batches of one part each, in one commit: the disk is waited for once. All are kept, or it throws. */
export function ingestTogether(
  { logs, knownVersions }: Pick<IngestDeps, 'logs' | 'knownVersions'>,
  batches: readonly AgentLogBatch[],
): readonly Ingested[] {
  const kept = logs.record(
    batches.map(({ parts: [part = NOTHING], ...about }) => ({ ...about, ...part })),
  );
  const known = askedOnce(knownVersions);
  return kept.map(({ is }, at) => ({
    outcome: is,
    unknown: findUnknown(known, batches[at]?.named ?? []),
  }));
}

/** Most batches are about the same few services, and asking reads the database. */
function askedOnce(ask: KnownVersions): KnownVersions {
  const answers = new Map<string, ReturnType<KnownVersions>>();
  return (service) => {
    if (!answers.has(service)) answers.set(service, ask(service));
    return answers.get(service);
  };
}

async function keepInParts(
  deps: IngestDeps,
  { parts, staged, ...about }: AgentLogBatch,
): Promise<Kept> {
  const { logs, paced, uniqueId } = deps;
  const name = staged ?? uniqueId();
  for (const one of parts) await paced(async () => logs.stage(name, one, about.at));
  const kept = logs.seal(name, about);
  await countSealedLogs(deps);
  return kept;
}

/** A part at a time, with as much time for everything else in between. */
export async function countSealedLogs({ logs, paced }: Pick<IngestDeps, 'logs' | 'paced'>) {
  while (await paced(async () => logs.countSealed()));
}

function findUnknown(known: KnownVersions, named: readonly Named[]): readonly UnknownName[] {
  return named.flatMap((name) => {
    const versions = known(name.service);
    if (versions?.has(name.version)) return [];
    const meant = versions && findMeant(versions, name.version);
    const found = { ...name, isServiceKnown: versions !== undefined };
    return [meant === undefined ? found : { ...found, meant }];
  });
}

/** `v2.4.0` reported for `2.4.0`, or the other way round: two names for what people think is one. */
function findMeant(versions: ReadonlySet<string>, version: string): string | undefined {
  const bare = version.replace(/^v(?=\d)/i, '');
  return [bare, `v${bare}`].find((spelt) => spelt !== version && versions.has(spelt));
}
