/** The second channel as a webhook: one small JSON, to the one address that the file names. */
import { incidentWords } from '#adapters/slack/views/alert.ts';
import type { Release } from '#domain/release.ts';
import type { Settings } from '#domain/settings.ts';
import { type Instant, inWords, SECOND_MS } from '#domain/time.ts';
import type { SecondChannel, Unseen } from '#operations/escalate.ts';

export type WebhookDeps = {
  readonly settings: () => Settings;
  readonly observePage: (outcome: 'sent' | 'failed') => void;
};

const TIMEOUT_MS = 5 * SECOND_MS;

/** Undefined while no address is configured; a reload may change that. */
export function createWebhook(deps: WebhookDeps): () => SecondChannel | undefined {
  const { settings } = deps;
  return () => {
    const { webhook } = settings().alerts;
    if (webhook === undefined) return undefined;
    return { tell: async (unseen) => page(deps, webhook, payload(settings(), unseen)) };
  };
}

/** That safe mode has begun concerns no release, and nobody can acknowledge it first. */
export async function pageSafeMode(deps: WebhookDeps, text: string, since: Instant): Promise<void> {
  const { webhook } = deps.settings().alerts;
  if (webhook === undefined) return;
  await page(deps, webhook, { text, what: 'safe_mode', dedup_key: `signalman-safe-mode-${since}` });
}

async function page({ observePage }: WebhookDeps, address: string, body: object): Promise<void> {
  try {
    await post(address, body);
    observePage('sent');
  } catch (error) {
    observePage('failed');
    throw error;
  }
}

/** The address is a secret, so what goes wrong is said without it and without the cause. */
async function post(address: string, body: object): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    // Nobody but the file says where pages go.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new Error('The webhook did not answer');
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`The webhook answered HTTP ${answer.status}`);
}

/** `text` alone is what chat tools show; it is escaped as Slack, Mattermost and the like read it. */
function payload(settings: Settings, { release, waitedMs, dedupKey }: Unseen) {
  const { service, id, candidate, stable } = release.facts;
  const { runbook, dashboard } = settings.services.get(service)?.links ?? {};
  const link = runbook ?? dashboard;
  return {
    text: `${incidentWords(release)} Nobody has acknowledged this for ${inWords(waitedMs)}.`,
    what: whatOf(release),
    service,
    release: id,
    candidate,
    stable,
    ...(link !== undefined && { link }),
    dedup_key: dedupKey,
  };
}

function whatOf(release: Release) {
  if (release.phase === 'completed') return 'watch_stop';
  if (!('to' in release)) return 'stop_asked';
  return 'notRecoveringTold' in release ? 'not_recovering' : 'rolling_back';
}
