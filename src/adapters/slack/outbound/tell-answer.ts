import { asWait, type DeliveryDeps } from '#adapters/slack/outbound/delivery.ts';
import { sendTo } from '#adapters/slack/outbound/send.ts';
import { isFailure } from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { lateAnswer } from '#adapters/slack/views/late-answer.ts';
import type { Effect } from '#domain/effect.ts';
import type { Owed } from '#store/port.ts';

type Answer = Extract<Effect, { tell: 'answer' }> & { readonly owed: Owed };

/**
 * To one person alone: where they asked, or in a direct message when they or we are not there. What
 * is seen by one person only cannot be looked up, so after an unclear try they may read it twice.
 */
export async function tellAnswer(deps: DeliveryDeps, answer: Answer): Promise<void> {
  const { to, channel, text, owed } = answer;
  const view = lateAnswer(text, owed.owedAt);
  if (channel !== undefined && (await isWhispered(deps, { to, channel, view }))) return;
  try {
    await sendTo(deps, { view, owed, channel: to }, to);
  } catch (error) {
    if (!isFailure(error, 'clear', 'channel_gone')) throw error;
    // Whoever left the workspace will not read it, however often it is tried.
    deps.log.warn({ err: error, person: to }, 'Somebody cannot be told what they asked for');
  }
}

type Whisper = { readonly to: string; readonly channel: string; readonly view: View };

async function isWhispered({ client }: DeliveryDeps, whisper: Whisper): Promise<boolean> {
  try {
    await client.whisper(whisper);
    return true;
  } catch (error) {
    if (isFailure(error, 'clear', 'channel_gone')) return false;
    throw asWait(error);
  }
}
