import type { AgentServer } from '#adapters/agents/agent-server.ts';
import type { PublishedSnapshot } from '#adapters/agents/published-snapshot.ts';
import { isGlobalSwitch, splitName } from '#domain/name.ts';
import { placeOf } from '#domain/snapshot.ts';
import type { Instant } from '#domain/time.ts';

/** Who obeys a kill switch, as far as this process has heard. */
export type Obedience = {
  /** Event streams told of the newest change, and in what time. */
  readonly streams: number;
  readonly ms: number;
  /** When any agent last asked for this switch, by name or with all keys. */
  readonly lastAskedAt?: Instant;
  /** Switches that agents ask for by name, to suggest what was meant. */
  readonly namesAsked: readonly string[];
  /** How many clients poll, and how often, when that is known. */
  readonly pollers?: { readonly clients: number; readonly everyMs: number };
};

const KILL_KEY = 'kill.';

/** After a kill people hear who obeys, and not only that it was thrown. */
export async function obedienceOf(
  server: Pick<AgentServer, 'streams' | 'usage'>,
  snapshots: PublishedSnapshot,
  name: string,
): Promise<Obedience> {
  const { base, environment } = placeOf(snapshots.current(), name);
  const key = isGlobalSwitch(name) ? `${KILL_KEY}global` : `${KILL_KEY}${splitName(base).base}`;
  const { pollers, everyMs, lastAskedAt } = server.usage.audience(environment, key);
  const told = await server.streams.told();
  const namesAsked = server.usage
    .keysAsked(environment)
    .filter((asked) => asked.startsWith(KILL_KEY))
    .map((asked) => asked.slice(KILL_KEY.length));
  return {
    ...told,
    namesAsked,
    ...(lastAskedAt !== undefined && { lastAskedAt }),
    ...(pollers > 0 && everyMs !== undefined && { pollers: { clients: pollers, everyMs } }),
  };
}
