/** Slack at the other end of the pipe: what is sent has left this process, whatever becomes of it. */
import type * as real from '#adapters/slack/outbound/web-client.ts';
import type { Call, ToMortal, ToWatcher } from '#test/torture/crash/pipe.ts';
import { atNext } from '#test/torture/crash/points.ts';

const waiting = new Map<number, (answer: unknown) => void>();
let calls = 0;

process.on('message', (told: ToMortal) => {
  if (told.is !== 'answered') return;
  waiting.get(told.call)?.(told.answer);
  waiting.delete(told.call);
});

function ask<Answer>(call: Call): Promise<Answer> {
  calls += 1;
  const own = calls;
  process.send?.({ is: 'called', call: own, ...call } satisfies ToWatcher);
  return new Promise((resolve) => {
    // Both ends are ours, and answer each method as its type says.
    waiting.set(own, (answer) => resolve(answer as Answer));
  });
}

/** The address of a house's Slack is its number. */
export const createWebSlackClient: typeof real.createWebSlackClient = ({ slack }) => {
  const house = Number(slack.apiUrl);
  return {
    post: ({ channel, threadTs, effect }) =>
      atNext(
        'while Slack is sent a message',
        ask({ house, method: 'post', words: { channel, threadTs, effect } }),
      ),
    edit: (words) => atNext('while a card is edited', ask({ house, method: 'edit', words })),
    whisper: (words) => ask({ house, method: 'whisper', words }),
    remove: (words) => ask({ house, method: 'remove', words }),
    probe: () => ask({ house, method: 'probe', words: {} }),
    history: (words) => ask({ house, method: 'history', words }),
    replies: (words) => ask({ house, method: 'replies', words }),
  };
};
