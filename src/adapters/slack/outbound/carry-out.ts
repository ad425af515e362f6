/** Carries out what Slack is owed: each effect reads the state of this moment and shows that. */
import { createDoubts } from '#adapters/slack/outbound/doubts.ts';
import { createPace } from '#adapters/slack/outbound/pace.ts';
import { createShown } from '#adapters/slack/outbound/shown.ts';
import { type ReleaseDeps, syncCard } from '#adapters/slack/outbound/sync-card.ts';
import { syncDigest } from '#adapters/slack/outbound/sync-digest.ts';
import { syncFlagRequest } from '#adapters/slack/outbound/sync-flag-request.ts';
import { syncReviews } from '#adapters/slack/outbound/sync-reviews.ts';
import { syncWelcome } from '#adapters/slack/outbound/sync-welcome.ts';
import { tellAlert } from '#adapters/slack/outbound/tell-alert.ts';
import { tellAnswer } from '#adapters/slack/outbound/tell-answer.ts';
import { tellChannel } from '#adapters/slack/outbound/tell-channel.ts';
import { tellCheckpoint } from '#adapters/slack/outbound/tell-checkpoint.ts';
import { tellThread } from '#adapters/slack/outbound/tell-thread.ts';
import { createTokenGate } from '#adapters/slack/outbound/token-gate.ts';
import { createWebSlackClient, type ObserveCall } from '#adapters/slack/outbound/web-client.ts';
import { createTurns } from '#adapters/slack/turns.ts';
import type { Effect } from '#domain/effect.ts';
import type { Release } from '#domain/release.ts';
import { assert } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import type { CarryOut } from '#operations/reconcile.ts';
import type { ChangeStore, MessageLog, Outbox, Owed } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

export type SlackCarryOutDeps = {
  readonly slack: { readonly botToken: string; readonly apiUrl: string };
  readonly queries: Queries;
  readonly messages: MessageLog;
  readonly outbox: Pick<Outbox, 'readBack'>;
  readonly store: ChangeStore;
  readonly settings: () => Settings;
  readonly operatorsOf: (service?: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
  readonly log: Logger;
  readonly observe: ObserveCall;
  readonly observeToken: (isTaken: boolean) => void;
};

/** One post a second and channel after a burst of five, as Slack asks for. */
const POSTS = { burst: 5, intervalMs: SECOND_MS };
/** Slack allows fifty edits a minute in all, and a burst would be more than that in its minute. */
const EDITS = { burst: 1, intervalMs: 1_200 };
/** As many looks at what was posted; they are needed most just after an outage, all at once. */
const LOOKS = { burst: 10, intervalMs: 1_200 };

export function createSlackCarryOut(deps: SlackCarryOutDeps): CarryOut {
  const { monotonicMs, settings, operatorsOf } = deps;
  const client = createWebSlackClient(deps);
  const gate = createTokenGate({ ...deps, client });
  const outgoing: ReleaseDeps = {
    ...deps,
    client,
    urgentClient: createWebSlackClient(deps),
    doubts: createDoubts(),
    shown: createShown(),
    turns: createTurns(),
    posts: createPace(POSTS, monotonicMs),
    alertPosts: createPace(POSTS, monotonicMs),
    edits: createPace(EDITS, monotonicMs),
    allEdits: createPace(EDITS, monotonicMs),
    looks: createPace(LOOKS, monotonicMs),
    fallbackChannel: () => settings().alerts.fallbackChannel,
    operatorsFor: (effect) => operatorsOf(serviceOf(deps, effect)),
  };
  return async (effect, owed) => {
    outgoing.doubts.begin(owed);
    await gate.pass();
    try {
      await carryOut(outgoing, effect, owed);
    } catch (error) {
      throw gate.asWait(error);
    }
    outgoing.doubts.isDone(owed);
  };
}

async function carryOut(deps: ReleaseDeps, effect: Effect, owed: Owed): Promise<void> {
  if ('sync' in effect) {
    if (effect.sync === 'card') return await syncCard(deps, releaseOf(deps, effect.release), owed);
    if (effect.sync === 'welcome') return await syncWelcome(deps, effect.channel, owed);
    if (effect.sync === 'reviews') return await syncReviews(deps, effect.at, owed);
    if (effect.sync === 'digest') return await syncDigest(deps, effect.at, owed);
    assert(effect.sync === 'flag_request', `${effect.sync} is not carried out in Slack`);
    return await syncFlagRequest(deps, { ...effect, owed });
  }
  assert('tell' in effect, 'kill switches are not thrown in Slack');
  switch (effect.tell) {
    case 'thread':
      return await tellThread(deps, {
        release: releaseOf(deps, effect.release),
        notice: effect.notice,
        owed,
      });
    case 'alert':
      return await tellAlert(deps, {
        release: releaseOf(deps, effect.release),
        alert: effect.alert,
        owed,
      });
    case 'channel':
      return await tellChannel(deps, { ...effect, owed });
    case 'answer':
      return await tellAnswer(deps, { ...effect, owed });
    case 'checkpoint':
      return await tellCheckpoint(deps, { ...effect, owed });
  }
}

function serviceOf({ queries }: SlackCarryOutDeps, effect: Effect): string | undefined {
  if ('release' in effect) return queries.release(effect.release)?.facts.service;
  return 'service' in effect ? effect.service : undefined;
}

function releaseOf({ queries }: ReleaseDeps, id: number): Release {
  const release = queries.release(id);
  assert(release, `release ${id} is in the database, since something is owed for it`);
  return release;
}
