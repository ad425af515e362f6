/** The bot as people meet it: real Bolt, a real database file, and the strict stand-in for Slack. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Obedience } from '#adapters/agents/obedience.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { createSlackApp } from '#adapters/slack/inbound/app.ts';
import type { AnswerDeps, SlackInboundDeps } from '#adapters/slack/inbound/deps.ts';
import type { Directory, Looked } from '#adapters/slack/inbound/directory.ts';
import { createPeopleLimits } from '#adapters/slack/inbound/people-limits.ts';
import { servedTraffic } from '#adapters/traffic/pull.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import { emptySnapshot, isSwitchOn } from '#domain/snapshot.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { adoptSettings } from '#operations/adopt-settings.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import type { Fault } from '#sandbox/protocol.ts';
import { ana, bo, chidi, gwen, sam } from '#test/support/builders.ts';
import { type About, someSettings } from '#test/support/some-settings.ts';
import { manifestOfTheRepository, SECRETS, standIn } from '#test/support/stand-in.ts';
import { aFolder, aStore } from '#test/support/store.ts';

const OBEYED: Obedience = { streams: 12, ms: 34, namesAsked: ['writes', 'refunds'] };

/** Everything behind Slack: the store with its services adopted, and what agents read. */
export async function ground(about: About = {}, clock?: () => Instant) {
  const path = join(aFolder(), 'signalman.db');
  const { store, queries, outbox, db, journal, uniqueId, ...own } = aStore(path);
  const settings = someSettings(about);
  const now = clock ?? own.clock;
  await adoptSettings({ store, queries, clock: now }, settings, trusted(CLOCK), []);
  const snapshots = createSnapshotHolder(snapshotOf(emptySnapshot('production'), queries));
  store.onCommit((commit) => snapshots.update((snapshot) => withCommit(snapshot, commit)));
  const logged: { level: string; details: object; message: string }[] = [];
  const logger = (level: string) => (details: object, message: string) => {
    logged.push({ level, details, message });
  };
  return {
    path,
    db,
    store,
    queries,
    outbox,
    journal,
    uniqueId,
    snapshots,
    settings: () => settings,
    channelId: () => undefined,
    obedienceOf: async (): Promise<Obedience> => ({ ...OBEYED, lastAskedAt: now() }),
    answered: {
      isKilled: async (name: string) => isSwitchOn(snapshots.current(), name),
      trafficOf: async (service: string) => servedTraffic(snapshots.current(), service),
    },
    clock: now,
    time: own.time,
    logged,
    log: { info: logger('info'), warn: logger('warn'), error: logger('error') },
  };
}

/** Who is who without asking Slack. */
const known: Readonly<Record<string, Looked>> = Object.fromEntries(
  [ana, bo, sam, chidi, gwen].map(({ actor, ...standing }) => [actor.id, standing]),
);
const NOBODY: Looked = { membership: 'unknown', operator: false, approver: false, fresh: false };
export const directoryOfKnown: Directory = {
  lookUp: async (userId) => known[userId] ?? NOBODY,
  operatorsOf: async () => [ana.actor.id],
};

/** The handlers as a person talks to them, without any Slack between. */
export async function answers(about: About = {}, more: Partial<AnswerDeps> = {}) {
  const base = await ground(about);
  const place = { channelId: 'C0AGENTOPS', channelName: 'agent-ops' };
  let monotonic = 0;
  let typed = 0;
  const deps: AnswerDeps = {
    ...base,
    monotonicMs: () => monotonic,
    directory: directoryOfKnown,
    limits: createPeopleLimits(() => monotonic),
    ...more,
  };
  return {
    ...base,
    deps,
    asking: (userId: string) => {
      typed += 1;
      return { person: { userId, teamId: 'T0SIGNAL' }, place, inboxKey: `test:${typed}` };
    },
    passMs: (ms: number) => {
      monotonic += ms;
      base.time.now = asInstant(base.time.now + ms);
    },
  };
}

type BotOptions = About & {
  readonly overSocket?: boolean;
  readonly seed?: NonNullable<Parameters<typeof standIn>[0]>['seed'];
  readonly faults?: readonly Fault[];
  /** More that its Slack answers, such as the demo service's part of the page. */
  readonly routes?: NonNullable<Parameters<typeof standIn>[0]>['routes'];
  readonly with?: (base: Ground) => Partial<SlackInboundDeps>;
};
type Ground = Awaited<ReturnType<typeof ground>>;

/** The whole way in: a person of the stand-in, the wire, our guard, Bolt, and a database file. */
export async function bot(options: BotOptions = {}) {
  const { overSocket = false, seed, faults = [], routes, with: more, ...about } = options;
  const base = await ground(about, () => asInstant(Date.now()));
  let url = '';
  const slack = await standIn({
    manifest: manifestOfTheRepository(),
    ...(overSocket ? {} : { botUrl: () => url }),
    ...(seed && { seed }),
    ...(routes && { routes }),
  });
  const measured: { acks: { kind: string; ms: number }[]; calls: string[] } = {
    acks: [],
    calls: [],
  };
  const app = createSlackApp({
    ...base,
    slack: {
      botToken: SECRETS.botToken,
      signingSecret: SECRETS.signingSecret,
      ...(overSocket && { appToken: SECRETS.appToken }),
      apiUrl: slack.apiUrl,
      host: '127.0.0.1',
      port: 0,
    },
    monotonicMs: () => performance.now(),
    dice: Math.random,
    inSpan: (_name, _attributes, work) => work(),
    scrub: createScrubber(Object.values(SECRETS)),
    observe: {
      ack: (ack) => measured.acks.push(ack),
      call: ({ method, outcome }) => measured.calls.push(`${method} ${outcome}`),
    },
    ...more?.(base),
  });
  slack.setFaults(faults);
  url = (await app.start()).url ?? '';
  onTestFinished(() => app.stop());
  return { ...base, app, slack, url, measured };
}
