/** Everything that goes out to Slack: decisions, a database file, the outbox, and the stand-in. */
import { createCarryOut } from '#adapters/carry-out.ts';
import { createWebhook } from '#adapters/escalation/webhook.ts';
import { createDirectory } from '#adapters/slack/inbound/directory.ts';
import { createSlackCalls, createWebClient } from '#adapters/slack/inbound/slack-calls.ts';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import { createPullTraffic, servedTraffic } from '#adapters/traffic/pull.ts';
import type { FlagIntent } from '#domain/flag.ts';
import type { KillIntent } from '#domain/killswitch.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { createReconciler } from '#operations/reconcile.ts';
import { steerService } from '#operations/steer-service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { noon, observe, reading, totals } from '#test/support/builders.ts';
import { ground } from '#test/support/slack-bot.ts';
import { someSettings } from '#test/support/some-settings.ts';
import { manifestOfTheRepository, movableTime, SECRETS, standIn } from '#test/support/stand-in.ts';

type About = Parameters<typeof ground>[0] & Parameters<typeof standIn>[0];
type Slack = { readonly apiUrl: string; readonly botToken: string };

/** How often the process looks at what is owed. */
const WAKE_MS = 250;

/** The usual services, told in another channel. */
export const servicesIn = (channel: string) =>
  new Map([...someSettings().services].map(([name, service]) => [name, { ...service, channel }]));

export async function outboundHouse(about: About = {}) {
  const time = movableTime(noon);
  const slack = await standIn({
    manifest: manifestOfTheRepository(),
    clock: time.clock,
    ...about,
  });
  const house = await houseAt({ apiUrl: slack.apiUrl, botToken: SECRETS.botToken }, about, time);
  return { ...house, slack };
}

/** The same in front of any Slack, with a clock that the test moves. */
export async function houseAt(slack: Slack, about: About = {}, time = movableTime(noon)) {
  const clock = () => asInstant(time.clock());
  const base = await ground(about, clock);
  const { store, queries, outbox, db, log, snapshots } = base;
  const directory = createDirectory({
    client: createSlackCalls(createWebClient(slack, log), {
      observe: { ack: () => {}, call: () => {} },
      monotonicMs: time.clock,
    }),
    settings: base.settings,
    ourTeam: () => undefined,
    monotonicMs: time.clock,
  });
  const calls: string[] = [];
  const pages: string[] = [];
  let tokenIsTaken = true;
  const startReconciler = () => {
    const toSlack = createSlackCarryOut({
      slack,
      queries,
      settings: base.settings,
      operatorsOf: directory.operatorsOf,
      messages: createMessageLog(db),
      outbox,
      store,
      clock,
      monotonicMs: time.clock,
      log,
      observe: ({ method, outcome }) => calls.push(`${method} ${outcome}`),
      observeToken: (isTaken) => {
        tokenIsTaken = isTaken;
      },
    });
    const steerDeps = { store, clock, serviceNames: () => [...base.settings().services.keys()] };
    const carryOut = createCarryOut({
      ...base,
      ...steerDeps,
      override: snapshots,
      traffic: createPullTraffic(async (name) => servedTraffic(snapshots.current(), name)),
      secondChannel: createWebhook({
        settings: base.settings,
        observePage: (outcome) => pages.push(outcome),
      }),
      slack: toSlack,
    });
    return createReconciler({ outbox, carryOut, clock, log });
  };
  let reconciler = startReconciler();
  const must = <Outcome extends { readonly ok: boolean }>(outcome: Outcome): Outcome => {
    if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
    return outcome;
  };
  const deps = { ...base, clock, override: snapshots, serviceNames: () => ['support-agent'] };

  const steer = async (intent: ServiceIntent) =>
    must(await steerService(deps, { service: 'support-agent', intent }));
  const settle = async (forMs = 10 * MINUTE_MS) => {
    const until = time.clock() + forMs;
    for (;;) {
      reconciler.wake();
      await reconciler.idle();
      const due = outbox.nextDue();
      if (due === undefined || Math.max(due, time.clock()) > until) return;
      // What waits behind another in its lane is due long before its turn.
      time.pass(Math.max(WAKE_MS, due - time.clock()));
    }
  };

  return {
    ...base,
    time,
    calls,
    pages,
    tokenIsTaken: () => tokenIsTaken,
    steer,
    flag: async (key: string, intent: FlagIntent) => must(await changeFlag(deps, { key, intent })),
    kill: async (name: string, intent: KillIntent) =>
      must(await throwKillSwitch(deps, { name, intent })),
    /** Carries out what is due now, and nothing that has to wait. */
    round: async () => {
      reconciler.wake();
      await reconciler.idle();
    },
    /** Lets time pass until nothing is owed any more, for so long at most. */
    settle,
    /** Polls once a minute with this share of failures, until something is decided. */
    watched: async (release: number, minutes: number, bad: number) => {
      let [candidate, failed, stable] = [0, 0, 0];
      for (let minute = 0; minute < minutes; minute += 1) {
        time.pass(MINUTE_MS);
        candidate += 100;
        failed += Math.round(100 * bad);
        stable += 1_000;
        const arms = [totals(candidate, failed), totals(stable, stable / 100)] as const;
        await steer(observe(reading(clock(), ...arms), { release, history: [] }));
        await settle(SECOND_MS);
        if (queries.release(release)?.phase !== 'progressing') return;
      }
    },
    /** As after a crash: what was only remembered is forgotten. */
    restart: () => {
      reconciler = startReconciler();
    },
  };
}
