/** Deliveries that are signed and almost right: each is answered in time, and none ends the bot. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bot } from '#test/support/slack-bot.ts';
import { anyDelivery, COMMAND, FORM, signedHeaders } from '#test/support/slack-fuzz.ts';
import { SECRETS } from '#test/support/stand-in.ts';

test('a delivery with one thing wrong is answered or refused, at once', async () => {
  const { url } = await bot();
  let nonce = 0;
  const send = async (type: string, body: string) => {
    const headers = signedHeaders(type, body, SECRETS.signingSecret);
    const signal = AbortSignal.timeout(2_500);
    return (await fetch(url, { method: 'POST', headers, body, signal })).status;
  };
  await fc.assert(
    fc.asyncProperty(anyDelivery, async ({ type, body }) => {
      nonce += 1;
      // Another body each time, since the same one again would only be acknowledged.
      const own = type === FORM ? `${body}&nonce=${nonce}` : `${body}${' '.repeat(nonce)}`;
      expect([200, 400]).toContain(await send(type, own));
    }),
    { numRuns: 300 },
  );
  expect(await send(FORM, new URLSearchParams(COMMAND as never).toString())).toBe(200);
}, 60_000);
