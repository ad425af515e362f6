/** A channel as its members see it, for tests that read like stories. */
import type { ShownMessage } from '#sandbox/protocol.ts';
import { asText } from '#sandbox/slack/as-text.ts';
import { findChannel } from '#sandbox/slack/channels.ts';
import { messagesIn, showMessage } from '#sandbox/slack/messages.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { eventually, type Patience } from '#sandbox/slack/stories/eventually.ts';
import { insteadOf } from '#sandbox/slack/stories/person.ts';

export function channel({ slack, name }: { readonly slack: Slack; readonly name: string }) {
  const { workspace } = slack;
  const found = findChannel(workspace, name);
  if (!found) throw new Error(`There is no channel ${name}.`);
  const all = () =>
    messagesIn(workspace, found.id)
      .filter(({ onlyFor }) => !onlyFor)
      .map((message) => showMessage(workspace, message));
  const isReply = ({ ts, threadTs }: ShownMessage) => threadTs !== undefined && threadTs !== ts;
  const messages = () => all().filter((message) => !isReply(message) || message.broadcast);
  const thread = ({ ts }: ShownMessage) =>
    all().filter((one) => one.threadTs === ts && isReply(one));
  const waitFor = (pattern: RegExp, among: () => readonly ShownMessage[], patience: Patience) =>
    eventually(workspace.feed, () => among().findLast((message) => pattern.test(asText(message))), {
      ...patience,
      insteadOf: () => insteadOf(`#${name} never said ${pattern}`, among()),
    });
  return {
    id: found.id,
    /** Oldest first, without replies and without what is for one person only. */
    messages,
    thread,
    /** Waits for the newest message whose text matches, also when an edit makes it match. */
    message: (pattern: RegExp, patience: Patience = {}) => waitFor(pattern, messages, patience),
    reply: (to: ShownMessage, pattern: RegExp, patience: Patience = {}) =>
      waitFor(pattern, () => thread(to), patience),
  };
}
