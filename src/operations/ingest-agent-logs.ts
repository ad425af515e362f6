import type { LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';

/** A batch that was read whole, ready to be kept or known as a repeat. */
export type AgentLogRecord = {
  /** The items as a JSON array: nobody but the store looks at them one by one any more. */
  readonly items: string;
  readonly rollUps: readonly LogRollUp[];
  readonly at: Instant;
  /** Sent by the client; a batch with a known key counts once. */
  readonly idempotencyKey?: string;
  /** Of the text received: the same key with another body is a client's mistake. */
  readonly digest: string;
};

export type RecordOutcome =
  | { readonly is: 'recorded' }
  /** The key was seen with the same digest: nothing is kept a second time. */
  | { readonly is: 'repeated' }
  /** The key was seen with another digest: nothing is kept at all. */
  | { readonly is: 'key_reused' };

/** What the store must be able to do: all of the record in one transaction, or nothing. */
export type RecordAgentLogs = (record: AgentLogRecord) => Promise<RecordOutcome>;

/** The versions known of a service, or undefined when nobody configured it. */
export type KnownVersions = (service: string) => ReadonlySet<string> | undefined;

export type IngestDeps = {
  readonly recordAgentLogs: RecordAgentLogs;
  readonly knownVersions: KnownVersions;
};

export type UnknownName = {
  readonly service: string;
  readonly version: string;
  readonly items: number;
  /** The service is known, so it is the version that is not; perhaps it was meant to be this one. */
  readonly meant?: string;
  readonly isServiceKnown: boolean;
};

export type Ingested = {
  readonly outcome: RecordOutcome['is'];
  readonly unknown: readonly UnknownName[];
};

/** Keeps a batch. What is unknown in it is no error: a version may serve before it is announced. */
export async function ingestAgentLogs(deps: IngestDeps, batch: AgentLogRecord): Promise<Ingested> {
  const { is } = await deps.recordAgentLogs(batch);
  return { outcome: is, unknown: findUnknown(deps.knownVersions, batch.rollUps) };
}

function findUnknown(known: KnownVersions, rollUps: readonly LogRollUp[]): readonly UnknownName[] {
  const groups = Map.groupBy(rollUps, ({ service, version }) => `${service}@${version}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { service, version } = first;
    const versions = known(service);
    if (versions?.has(version)) return [];
    const items = group.reduce((sum, { counts }) => sum + counts.requests, 0);
    const meant = versions && findMeant(versions, version);
    const found = { service, version, items, isServiceKnown: versions !== undefined };
    return [meant === undefined ? found : { ...found, meant }];
  });
}

/** `v2.4.0` reported for `2.4.0`, or the other way round: two names for what people think is one. */
function findMeant(versions: ReadonlySet<string>, version: string): string | undefined {
  const bare = version.replace(/^v(?=\d)/i, '');
  return [bare, `v${bare}`].find((spelt) => spelt !== version && versions.has(spelt));
}
