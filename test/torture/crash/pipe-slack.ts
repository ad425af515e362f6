/** The Slack of one house, in the process that outlives it: it keeps what it was sent. */
import type { PastMessages, Stretch } from '#adapters/slack/outbound/slack-client.ts';
import type { Call, Posted } from '#test/torture/crash/pipe.ts';

const CHANNEL = 'C0AGENTOPS';
/** As far apart as Slack's are at least, so that each is of its own. */
const TICK_S = 0.000_1;

type Kept = Posted & { readonly ts: string };

export function createPipeSlack() {
  const kept: Kept[] = [];
  let lastS = 0;
  const post = ({ threadTs, effect }: Posted) => {
    lastS = Math.max(Date.now() / 1_000, lastS + TICK_S);
    const ts = lastS.toFixed(6);
    kept.push({ channel: CHANNEL, ts, effect, ...(threadTs !== undefined && { threadTs }) });
    return { channel: CHANNEL, ts };
  };
  const past = ({ oldest }: Stretch, thread: string | undefined): PastMessages => ({
    messages: kept
      .filter(({ ts, threadTs }) => threadTs === thread && Number(ts) >= Number(oldest))
      .map(({ ts, effect }) => ({ ts, effect })),
  });
  return {
    told: () => kept.map(({ effect }) => effect),
    answer: ({ method, words }: Call): unknown => {
      // Both ends of the pipe are ours, and the method says what the words are.
      if (method === 'post') return post(words as Posted);
      if (method === 'history') return past(words as Stretch, undefined);
      if (method === 'replies') return past(words as Stretch, (words as { ts: string }).ts);
      return {};
    },
  };
}
