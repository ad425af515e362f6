/** The first words in a channel: what happens here, and what to type. */
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { actions, said, small, type View, view } from '#adapters/slack/views/blocks.ts';
import { button } from '#adapters/slack/views/buttons.ts';

const HEAD =
  '*Hello, this is Signalman.* Releases of agents are told in this channel: each has one card with its buttons, and a thread for what happens to it. Alerts come here too.';

export const WELCOME: View = view(HEAD, [
  said(HEAD),
  said(
    '• `/rollout start` with a service and its new version proposes a release; somebody else approves it.',
    '• `/rollout status` says how everything stands, and `/rollout help` teaches the rest.',
    '• `/killswitch on` with a name and a reason stops actions at once; any full member may do that.',
  ),
  ...actions([
    button({
      label: 'Start a release',
      action: ACTIONS.openStart,
      about: 'Start a release',
      value: 'welcome',
    }),
    button({
      label: 'Kill switch',
      action: ACTIONS.openKill,
      about: 'Switch on a kill switch',
      value: 'welcome',
    }),
  ]),
  small('My Home tab shows what is in progress and what waits for you.'),
]);
