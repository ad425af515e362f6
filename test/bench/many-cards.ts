/** A hundred releases at once, on a clock that is moved: how often their cards are edited, and how late. */
import { readFileSync } from 'node:fs';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import type { Guard } from '#domain/guard.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { createReconciler } from '#operations/reconcile.ts';
import { steerService } from '#operations/steer-service.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import type { Figure } from '#test/bench/figure.ts';
import { startProgressing } from '#test/bench/progressing.ts';
import { SECRETS } from '#test/bench/secrets.ts';
import { inFolder } from '#test/bench/started-bot.ts';
import { chidi, noon } from '#test/support/builders.ts';

const RELEASES = 100;
/** The first minutes post cards and threads, one a second; then each minute changes all of them. */
const MINUTES = 8;
/** Then some are paused in each minute, and their cards have to say so soon. */
const EVENTFUL_MINUTES = 2;
const POSTING_MINUTES = 5;
const LOOK_EVERY_MS = SECOND_MS / 4;
const PAUSED_A_MINUTE = 5;
const GUARDS: readonly Guard[] = [{ name: 'error_rate', limit: 0.05 }];

export async function measureManyCards(say: (figure: Figure) => void): Promise<void> {
  await inFolder(async (folder) => {
    const world = await startProgressing(folder, RELEASES, GUARDS);
    let nowMs: number = noon;
    const slack = await startStandIn({
      ...SECRETS,
      port: 0,
      workspace: createWorkspace(NEWCOMER_SEED, { clock: () => nowMs, dice: Math.random }),
      manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
      rateLimits: 'strict',
    });
    const changedAt = new Map<number, number>();
    const pausedAt = new Map<number, number>();
    const pauses: number[] = [];
    const lags: { readonly atMs: number; readonly seconds: number }[] = [];
    const edits: number[] = [];
    const log = { info: () => {}, warn: () => {}, error: console.error };
    const clock = () => asInstant(nowMs);
    const outbox = createOutbox(world.db);
    const toSlack = createSlackCarryOut({
      slack: { botToken: SECRETS.botToken, apiUrl: slack.apiUrl },
      queries: world.queries,
      settings: () => world.settings,
      operatorsOf: async () => [],
      messages: createMessageLog(world.db),
      clock,
      monotonicMs: () => nowMs,
      log,
      outbox,
      store: world.store,
      observeToken: () => {},
      observe: ({ method }) => {
        if (method === 'chat.update') edits.push(nowMs);
      },
    });
    const reconciler = createReconciler({
      outbox,
      clock,
      log,
      carryOut: async (effect, owed) => {
        if ('sync' in effect && effect.sync === 'traffic') return;
        await toSlack(effect, owed);
        if (!('sync' in effect) || effect.sync !== 'card') return;
        const paused = pausedAt.get(effect.release);
        pausedAt.delete(effect.release);
        if (paused !== undefined) pauses.push((nowMs - paused) / SECOND_MS);
        const since = changedAt.get(effect.release);
        changedAt.delete(effect.release);
        if (since !== undefined) lags.push({ atMs: nowMs, seconds: (nowMs - since) / SECOND_MS });
      },
    });
    const pauseSome = async (minute: number) => {
      for (let at = 0; at < PAUSED_A_MINUTE; at += 1) {
        const release = (minute * PAUSED_A_MINUTE + at * 17) % RELEASES;
        const service = `agent-${release}`;
        const intent = { to: 'pause', by: chidi, reason: 'looks odd' } as const;
        const { ok } = await steerService(
          { ...world, clock, serviceNames: () => [] },
          { service, intent },
        );
        if (ok) pausedAt.set(release + 1, nowMs);
      }
    };
    for (let minute = 1; minute <= MINUTES + EVENTFUL_MINUTES; minute += 1) {
      await world.poll();
      nowMs = noon + minute * MINUTE_MS;
      for (let release = 1; release <= RELEASES; release += 1)
        if (!changedAt.has(release)) changedAt.set(release, nowMs);
      for (let passed = 0; passed < MINUTE_MS; passed += LOOK_EVERY_MS) {
        if (minute > MINUTES && passed === MINUTE_MS / 2) await pauseSome(minute);
        reconciler.wake();
        await reconciler.idle();
        nowMs += LOOK_EVERY_MS;
      }
    }
    const inAMinute = edits.map((at) => edits.filter((one) => one >= at && one < at + MINUTE_MS));
    const busiest = Math.max(...inAMinute.map(({ length }) => length));
    const name = `a card of ${RELEASES} live releases is behind`;
    const at = (minute: number) => noon + minute * MINUTE_MS;
    const behind = (from: number, to: number) => ({
      ...({ unit: 's', compare: 'max' } as const),
      samples: lags
        .filter(({ atMs }) => atMs >= at(from) && atMs < at(to))
        .map(({ seconds }) => seconds),
    });
    const end = MINUTES + EVENTFUL_MINUTES + 1;
    say({ name, below: 120, ...behind(POSTING_MINUTES, MINUTES + 1) });
    say({ name: '  while all of them are posted anew', below: 120, ...behind(0, POSTING_MINUTES) });
    say({ name: `  while ${PAUSED_A_MINUTE} a minute are paused`, ...behind(MINUTES + 1, end) });
    const news = { name: '  one that was paused says so after', below: 10, samples: pauses };
    say({ ...news, unit: 's', compare: 'max' });
    say({
      name: '  edits in the busiest minute',
      unit: '',
      compare: 'max',
      below: 51,
      samples: [busiest],
    });
    await slack.close();
    world.close();
  });
}
