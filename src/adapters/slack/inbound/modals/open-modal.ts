import type { ModalView } from '@slack/types';
import type { Place } from '#adapters/slack/inbound/deps.ts';
import { ephemeral } from '#adapters/slack/inbound/reply.ts';
import { afterwards, type Wire } from '#adapters/slack/inbound/wire.ts';

type Opening = {
  readonly trigger_id: string;
  readonly response_url?: string | undefined;
  readonly view: ModalView;
  /** Where it was asked for; what is sent in the end does not say. */
  readonly place: Place | undefined;
  /** What takes longer to draw takes the place of the form once that is open. */
  readonly fill?: () => ModalView | undefined;
  /** What to type when Slack does not open the form. */
  readonly instead: string;
};

/** A trigger lives for three seconds, so nothing slow may come before this. */
export async function openModal(wire: Wire, opening: Opening): Promise<void> {
  const { trigger_id, response_url, view, place, fill, instead } = opening;
  try {
    const viewId = await wire.calls.openModal(trigger_id, view);
    wire.forms.opened(viewId, place);
    const filled = fill?.();
    if (filled) await afterwards(wire, 'a form', wire.calls.updateModal(viewId, filled));
  } catch (error) {
    wire.answers.log.warn({ err: error, view: view.callback_id }, 'Slack did not open a form');
    const words = `Slack did not open the form in time. Please try again, or type it: \`${instead}\` shows how.`;
    await afterwards(wire, 'a form', wire.respond(response_url, ephemeral(words)));
  }
}
