/** What one person may see: their channels, the messages there, their modals and Home tab. */
import type { PageState, ShownChannel, ShownPerson } from '#sandbox/protocol.ts';
import type { Manifest } from '#sandbox/slack/manifest.ts';
import { seenBy, showMessage } from '#sandbox/slack/messages.ts';
import { modalsOf, showView } from '#sandbox/slack/views.ts';
import type { Channel, Person, Workspace } from '#sandbox/slack/workspace.ts';

export function pageState(workspace: Workspace, manifest: Manifest, me: Person): PageState {
  const home = workspace.homes.get(me.id);
  return {
    seq: workspace.feed.seq,
    nowMs: workspace.clock(),
    team: workspace.team,
    app: {
      id: workspace.app.id,
      name: manifest.name,
      botUserId: workspace.app.botUserId,
      homeTab: manifest.homeTab,
    },
    me: showPerson(me),
    people: [...workspace.people.values()].map(showPerson),
    groups: [...workspace.groups.values()],
    channels: [...workspace.channels.values()]
      .filter(({ members, archived }) => members.includes(me.id) && !archived)
      .map((channel) => showChannel(workspace, channel, me.id)),
    messages: visibleMessages(workspace, me.id),
    modals: modalsOf(workspace, me.id).map(showView),
    commands: manifest.commands.map(({ command, description, usage_hint }) => ({
      command,
      description,
      usageHint: usage_hint,
    })),
    shortcuts: manifest.shortcuts.map(({ callback_id, name, description, type }) => ({
      callbackId: callback_id,
      name,
      description,
      type,
    })),
    ...(home ? { home: showView(home) } : {}),
  };
}

const visibleMessages = (workspace: Workspace, userId: string) =>
  [...workspace.messages.values()]
    .flat()
    .filter((message) => seenBy(workspace, message)(userId))
    .sort((one, other) => (one.ts < other.ts ? -1 : 1))
    .map((message) => showMessage(workspace, message));

/** Being at the keyboard is for people, and for the guest whose refusals are worth seeing. */
const showPerson = ({ id, name, realName, title, kind }: Person): ShownPerson => ({
  id,
  name,
  realName,
  title,
  kind: kind === 'workflow_bot' ? 'bot' : kind,
  playable: kind === 'member' || kind === 'guest',
});

export function showChannel(
  { people }: Workspace,
  { id, name, topic, kind, members }: Channel,
  viewer: string,
): ShownChannel {
  const other = members.find((member) => member !== viewer) ?? viewer;
  const shownName = kind === 'direct' ? (people.get(other)?.realName ?? name) : name;
  return { id, name: shownName, topic, kind, members };
}
