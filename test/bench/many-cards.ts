/** A hundred releases at once, on a clock that is moved: how often their cards are edited, and how late. */
import { readFileSync } from 'node:fs';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import type { Guard } from '#domain/guard.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { createReconciler } from '#operations/reconcile.ts';
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
import { noon } from '#test/support/builders.ts';

const RELEASES = 100;
/** The first minutes post cards and threads, one a second; then each minute changes all of them. */
const MINUTES = 8;
const POSTING_MINUTES = 5;
const LOOK_EVERY_MS = SECOND_MS / 4;
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
        const since = changedAt.get(effect.release);
        changedAt.delete(effect.release);
        if (since !== undefined) lags.push({ atMs: nowMs, seconds: (nowMs - since) / SECOND_MS });
      },
    });
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      await world.poll();
      nowMs = noon + minute * MINUTE_MS;
      for (let release = 1; release <= RELEASES; release += 1)
        if (!changedAt.has(release)) changedAt.set(release, nowMs);
      for (let passed = 0; passed < MINUTE_MS; passed += LOOK_EVERY_MS) {
        reconciler.wake();
        await reconciler.idle();
        nowMs += LOOK_EVERY_MS;
      }
    }
    const inAMinute = edits.map((at) => edits.filter((one) => one >= at && one < at + MINUTE_MS));
    const busiest = Math.max(...inAMinute.map(({ length }) => length));
    const name = `a card of ${RELEASES} live releases is behind`;
    const allPostedMs = noon + POSTING_MINUTES * MINUTE_MS;
    const behind = (isPosted: boolean) =>
      lags.filter(({ atMs }) => atMs >= allPostedMs === isPosted).map(({ seconds }) => seconds);
    say({ name, unit: 's', compare: 'max', below: 120, samples: behind(true) });
    const first = '  while all of them are posted anew';
    say({ name: first, unit: 's', compare: 'max', samples: behind(false) });
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
