import type { HomeView, ModalView } from '@slack/types';
import {
  type UsersInfoResponse,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { boltLogger } from '#adapters/slack/inbound/bolt-logger.ts';
import type { SlackConnection, SlackObserver } from '#adapters/slack/inbound/deps.ts';
import type { DirectoryClient } from '#adapters/slack/inbound/directory.ts';
import type { SlackUser } from '#adapters/slack/inbound/membership.ts';
import { createSharedReads } from '#adapters/slack/inbound/shared-reads.ts';
import { createTurns } from '#adapters/slack/turns.ts';
import type { Logger } from '#operations/logger.ts';

const TIMEOUT_MS = 8_000;

/** Retrying belongs to the outbox; a client that retries by itself makes duplicates. */
export const clientOptions = (apiUrl: string, log: Logger): WebClientOptions => ({
  logger: boltLogger(log),
  slackApiUrl: apiUrl,
  timeout: TIMEOUT_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
});

/** The few calls that answering people takes. Each is measured, and throws when Slack says no. */
export type SlackCalls = DirectoryClient & {
  readonly whoAmI: () => Promise<{ readonly team?: string; readonly app?: string }>;
  /** Answers with the id that the opened form can be updated by. */
  readonly openModal: (triggerId: string, view: ModalView) => Promise<string>;
  readonly updateModal: (viewId: string, view: ModalView) => Promise<void>;
  readonly publishHome: (userId: string, view: HomeView) => Promise<void>;
};

type CallDeps = { readonly observe: SlackObserver; readonly monotonicMs: () => number };

export const createWebClient = (
  { botToken, apiUrl }: Pick<SlackConnection, 'botToken' | 'apiUrl'>,
  log: Logger,
) => new WebClient(botToken, clientOptions(apiUrl, log));

export function createSlackCalls(client: WebClient, deps: CallDeps): SlackCalls {
  const turns = createTurns();
  const measured = async <Answer>(method: string, call: Promise<Answer>): Promise<Answer> => {
    const startedMs = deps.monotonicMs();
    const tell = (outcome: string) =>
      deps.observe.call({ method, outcome, ms: deps.monotonicMs() - startedMs });
    try {
      const answer = await call;
      tell('ok');
      return answer;
    } catch (error) {
      tell(outcomeOf(error));
      throw error;
    }
  };
  const userInfo = async (user: string) =>
    asSlackUser(await measured('users.info', client.users.info({ user })));
  const groupMembers = async (usergroup: string) => {
    const call = client.usergroups.users.list({ usergroup });
    return (await measured('usergroups.users.list', call)).users ?? [];
  };
  return {
    whoAmI: async () => {
      const { team_id: team, app_id: app } = await measured('auth.test', client.auth.test());
      return { ...(team && { team }), ...(typeof app === 'string' && { app }) };
    },
    userInfo: createSharedReads(userInfo, deps.monotonicMs),
    groupMembers: createSharedReads(groupMembers, deps.monotonicMs),
    openModal: async (trigger_id, view) => {
      const opened = await measured('views.open', client.views.open({ trigger_id, view }));
      return opened.view?.id ?? '';
    },
    updateModal: async (view_id, view) => {
      // Two updates of one form arrive in the order in which they were drawn.
      await turns(view_id, () => measured('views.update', client.views.update({ view_id, view })));
    },
    publishHome: async (user_id, view) => {
      await measured('views.publish', client.views.publish({ user_id, view }));
    },
  };
}

function asSlackUser({ user }: UsersInfoResponse): SlackUser {
  const { team_id, name, deleted, is_bot, is_restricted, is_ultra_restricted, is_stranger } =
    user ?? {};
  return {
    ...(team_id && { teamId: team_id }),
    ...(name && { name }),
    deleted: deleted === true,
    isBot: is_bot === true,
    isRestricted: is_restricted === true || is_ultra_restricted === true,
    isStranger: is_stranger === true,
  };
}

/** A label from Slack's own closed lists, never a message. */
function outcomeOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  if (error instanceof WebAPIRateLimitedError) return 'ratelimited';
  if (error instanceof WebAPIHTTPError) return `http_${error.statusCode}`;
  return 'unreachable';
}
