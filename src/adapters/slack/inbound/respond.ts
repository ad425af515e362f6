import type { KnownBlock } from '@slack/types';
import type { Reply } from '#adapters/slack/inbound/reply.ts';

const TIMEOUT_MS = 5_000;
const SLACKS_OWN = 'https://hooks.slack.com';

export type Respond = (
  responseUrl: string | undefined,
  reply: Reply,
  replaceOriginal?: 'replace',
) => Promise<void>;

/** Answers go to Slack's own address, or to the one configured for its API, and nowhere else. */
export function createRespond(apiUrl: string): Respond {
  const origins = new Set([SLACKS_OWN, new URL(apiUrl).origin]);
  return async (responseUrl, reply, replaceOriginal) => {
    if (responseUrl === undefined || !origins.has(originOf(responseUrl)))
      throw new Error('The answer has no address of Slack to go to');
    const answer = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...asSlackReads(reply),
        replace_original: replaceOriginal === 'replace',
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`Slack took no answer: HTTP ${answer.status}`);
  };
}

const originOf = (url: string) => URL.parse(url)?.origin ?? '';

export type SlackAnswer = {
  response_type: Reply['visibility'];
  text: string;
  blocks?: KnownBlock[];
};

export const asSlackReads = ({ visibility, text, blocks }: Reply): SlackAnswer => ({
  response_type: visibility,
  text,
  ...(blocks && { blocks: [...blocks] }),
});
