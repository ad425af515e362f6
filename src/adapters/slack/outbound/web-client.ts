/** Slack's Web API behind our own port. It retries nothing: that is the outbox's, which lasts. */
import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api';
import {
  type Outgoing,
  type PastMessages,
  type SlackClient,
  SlackFailure,
  type Stretch,
} from '#adapters/slack/outbound/slack-client.ts';
import { sortFailure } from '#adapters/slack/outbound/sort-failure.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { assert } from '#domain/result.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';

/** How each call went, for whoever counts them. */
export type ObserveCall = (call: {
  readonly method: string;
  readonly outcome: string;
  readonly ms: number;
}) => void;

export type WebClientDeps = {
  readonly slack: { readonly botToken: string; readonly apiUrl: string };
  readonly monotonicMs: () => number;
  readonly observe: ObserveCall;
  readonly log: Logger;
  readonly timeoutMs?: number;
};

const EVENT_TYPE = 'signalman_effect';
const TIMEOUT_MS = 8 * SECOND_MS;
const PAGE = 200;
/** Nothing that is shown may become live by Slack's own guessing, nor unfold into a picture. */
const AS_IT_IS = { parse: 'none', link_names: false } as const;
const FOLDED = { unfurl_links: false, unfurl_media: false } as const;

export function createWebSlackClient(deps: WebClientDeps): SlackClient {
  const client = new WebClient(deps.slack.botToken, {
    slackApiUrl: deps.slack.apiUrl,
    timeout: deps.timeoutMs ?? TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: slackLogger(deps.log),
  });
  const calling = <Answer>(method: string, call: () => Promise<Answer>) =>
    observed(deps, method, call);
  return {
    post: (message) =>
      calling('chat.postMessage', async () => {
        const { channel, ts } = await client.chat.postMessage(postArguments(message));
        assert(channel && ts, 'Slack says where it posted a message');
        return { channel, ts };
      }),
    whisper: ({ channel, to: user, view }) =>
      calling('chat.postEphemeral', async () => {
        await client.chat.postEphemeral({ channel, user, ...contentOf(view), ...AS_IT_IS });
      }),
    edit: ({ channel, ts }, view) =>
      calling('chat.update', async () => {
        await client.chat.update({ channel, ts, ...contentOf(view), ...AS_IT_IS });
      }),
    remove: ({ channel, ts }) =>
      calling('chat.delete', async () => {
        await client.chat.delete({ channel, ts });
      }),
    probe: () =>
      calling('auth.test', async () => {
        await client.auth.test();
      }),
    history: (stretch) =>
      calling('conversations.history', async () =>
        pastMessages(await client.conversations.history(stretchArguments(stretch))),
      ),
    replies: ({ ts, ...stretch }) =>
      calling('conversations.replies', async () =>
        pastMessages(await client.conversations.replies({ ts, ...stretchArguments(stretch) })),
      ),
  };
}

const contentOf = ({ text, blocks }: View) => ({ text, blocks: [...blocks] });

function postArguments({ channel, threadTs, broadcast = false, effect, ...view }: Outgoing) {
  const message = {
    channel,
    ...contentOf(view),
    ...AS_IT_IS,
    ...FOLDED,
    metadata: { event_type: EVENT_TYPE, event_payload: { effect } },
  };
  if (threadTs === undefined) return message;
  // The types know two kinds of replies, so the flag has to be one or the other.
  return broadcast
    ? { ...message, thread_ts: threadTs, reply_broadcast: true as const }
    : { ...message, thread_ts: threadTs };
}

const stretchArguments = (stretch: Stretch) => ({
  ...stretch,
  inclusive: true,
  include_all_metadata: true,
  limit: PAGE,
});

type Answer = {
  readonly messages?: readonly {
    readonly ts?: string;
    readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown };
  }[];
  readonly response_metadata?: { readonly next_cursor?: string };
};

function pastMessages({ messages = [], response_metadata }: Answer): PastMessages {
  const cursor = response_metadata?.next_cursor;
  return {
    messages: messages.map(({ ts = '', metadata }) => {
      const effect: unknown = Object(metadata?.event_payload).effect;
      const isOurs = metadata?.event_type === EVENT_TYPE && typeof effect === 'string';
      return { ts, ...(isOurs && { effect }) };
    }),
    ...(cursor && { cursor }),
  };
}

async function observed<Answer>(
  { monotonicMs, observe }: WebClientDeps,
  method: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const startedMs = monotonicMs();
  const tell = (outcome: string) => observe({ method, outcome, ms: monotonicMs() - startedMs });
  try {
    const answer = await call();
    tell('ok');
    return answer;
  } catch (error) {
    const failure = error instanceof SlackFailure ? error : sortFailure(error);
    tell(failure.code);
    throw failure;
  }
}

/** The client's own chatter is ours to keep; its errors also travel as failures. */
function slackLogger(log: Logger): SlackLogger {
  const forward = (...parts: readonly unknown[]) =>
    log.warn({ said: parts.map(String).join(' ') }, 'Slack’s client warns');
  return {
    debug: () => {},
    info: () => {},
    warn: forward,
    error: forward,
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
