/** Many services with a release under way each, in a real database file. */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createAgentLogsReader } from '#adapters/metrics/agent-logs.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import type { Guard } from '#domain/guard.ts';
import type { Settings } from '#domain/settings.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { asInstant, DAY_MS, HOUR_MS, type Instant, later, MINUTE_MS } from '#domain/time.ts';
import { adoptSettings } from '#operations/adopt-settings.ts';
import { type PollDeps, pollServices } from '#operations/poll-services.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import { startRelease } from '#operations/start-release.ts';
import { createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { createAgents } from '#test/bench/busy-agents.ts';
import { timed } from '#test/bench/figure.ts';
import { ana, aPlan, noon } from '#test/support/builders.ts';

const STABLE = '2.3.3';
const CANDIDATE = '2.4.0';
const PEOPLE = { operators: [], approvers: [] };
const HISTORY_MINUTES = 180;

export async function startProgressing(folder: string, services: number, guards: readonly Guard[]) {
  const db = openDatabase(join(folder, `signalman-${services}-${guards.length}.db`));
  const settings = settingsFor(services, guards);
  let now: Instant = noon;
  const clock = () => now;
  const [store, queries, logs] = [
    createSqliteStore(db),
    createQueries(db),
    createAgentLogStore(db),
  ];
  await adoptSettings({ store, queries, clock }, settings, trusted(CLOCK), []);
  const snapshots = createSnapshotHolder(snapshotOf(emptySnapshot('production'), queries));
  store.onCommit((commit) => snapshots.update((snapshot) => withCommit(snapshot, commit)));
  const serviceNames = () => [...settings.services.keys()];
  const deps: PollDeps = {
    ...{ store, queries, clock, serviceNames },
    metrics: createAgentLogsReader({ logs, defaultEnvironment: () => 'production' }),
    defaultEnvironment: () => 'production',
    settings: () => settings,
    log: { info: () => {}, warn: () => {}, error: (details) => console.error(details) },
  };
  const agents = createAgents();
  let batches = 0;
  /** A minute in which every service served this many requests by both versions. */
  const serve = (at: Instant, byStable: number, byCandidate: number) => {
    const rollUps = serviceNames().flatMap((service) =>
      [
        { version: STABLE, requests: byStable },
        { version: CANDIDATE, requests: byCandidate },
      ]
        .filter(({ requests }) => requests > 0)
        .map(({ version, requests }) => ({
          ...{ service, version, assigned: 'split' as const, minute: at },
          counts: agents.served(requests),
          ...{ keys: [], keyless: requests },
        })),
    );
    batches += 1;
    logs.record([{ items: '[]', rollUps, at, digest: String(batches) }]);
  };
  for (let minute = HISTORY_MINUTES; minute > 0; minute -= 1)
    serve(later(noon, -minute * MINUTE_MS), 100, 0);
  for (const service of serviceNames())
    await startRelease(
      { ...deps, settings: () => settings, queries },
      { service, version: CANDIDATE, note: '', by: ana, inboxKey: `start:${service}` },
    );
  return {
    db,
    store,
    queries,
    settings,
    /** Lets a minute of traffic pass, then polls; how long the poll took, and what others waited. */
    poll: async () => {
      serve(now, 100, 11);
      now = asInstant(now + MINUTE_MS);
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const times = await timed(async () => {
        const { services: polled, failed } = await pollServices(deps);
        if (polled !== services || failed > 0)
          throw new Error(`${polled} polled, ${failed} failed`);
      });
      delay.disable();
      return { ...times, stallMs: delay.max / 1e6 };
    },
    close: () => db.$client.close(),
  };
}

function settingsFor(services: number, guards: readonly Guard[]): Settings {
  const steps = [10, 50, 100].map((weightPercent) => ({
    ...{ weightPercent, dwellMs: 12 * HOUR_MS, approval: false },
  }));
  const plan = aPlan({ guards, steps });
  const names = Array.from({ length: services }, (_, at) => `agent-${at}`);
  const common = { stable: STABLE, channel: 'agent-ops', people: PEOPLE, links: {}, plan };
  return {
    channel: 'agent-ops',
    poll: '* * * * *',
    pollMs: MINUTE_MS,
    defaultEnvironment: 'production',
    people: PEOPLE,
    identities: [],
    flags: { approvalAbovePercent: 50 },
    audit: {},
    alerts: { unseenAfterMs: 2 * MINUTE_MS },
    retention: { agentLogsMs: 3 * DAY_MS, verdictWindowsMs: 90 * DAY_MS },
    services: new Map(names.map((name) => [name, { name, ...common }])),
  };
}
