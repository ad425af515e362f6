/** The left rail: the workspace, its channels, and who one is. */
import { useContext } from 'preact/hooks';
import type { ShownChannel } from '#sandbox/protocol.ts';
import { type Children, classes, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import type { Unread } from '../state/unread.ts';
import type { Workspace } from '../state/workspace.ts';
import { Avatar, Signal } from './avatar.ts';
import { PeopleSwitch } from './people-switch.ts';

export const HOME = 'home';

type RailProps = {
  readonly workspace: Workspace;
  readonly open: string;
  readonly unread: ReadonlyMap<string, Unread>;
  readonly openChannel: (id: string) => void;
  readonly actAs: (id: string) => void;
  readonly children: Children;
};

export function Rail({ workspace, open, unread, openChannel, actAs, children }: RailProps) {
  const { me } = useContext(Reader);
  const mine = workspace.channels.filter(({ members }) => members.includes(me.id));
  const line = (channel: ShownChannel) => {
    return html`<${ChannelLine}
      key=${channel.id}
      channel=${channel}
      isOpen=${channel.id === open}
      unread=${unread.get(channel.id)}
      choose=${() => openChannel(channel.id)}
    />`;
  };
  // Opening the Home tab begins a conversation in which nothing was said yet.
  const direct = mine.filter(({ id, kind }) => kind === 'direct' && workspace.messages.has(id));
  return html`<nav class="pane rail" aria-label="Workspace">
    <header class="workspace">
      <span class="workspace-sign"><${Signal} /></span>
      <div>
        <strong>${workspace.team.name}</strong>
        <span class="workspace-note">Sandbox on this machine</span>
      </div>
    </header>
    <div class="rail-lists">
      <h2 id="rail-channels">Channels</h2>
      <ul aria-labelledby="rail-channels">
        ${mine.filter(({ kind }) => kind !== 'direct').map(line)}
      </ul>
      ${mine.length === 0 && html`<p class="rail-empty">${me.realName} is in no channel.</p>`}
      ${
        direct.length > 0 &&
        html`<h2 id="rail-direct">Direct messages</h2>
          <ul aria-labelledby="rail-direct">
            ${direct.map(line)}
          </ul>`
      }
      ${
        workspace.app.homeTab &&
        html`<h2 id="rail-apps">Apps</h2>
          <ul aria-labelledby="rail-apps">
            <li>
              <button
                type="button"
                class=${classes('channel-line', open === HOME && 'open')}
                aria-current=${open === HOME ? 'page' : undefined}
                onClick=${() => openChannel(HOME)}
              >
                <span class="sigil"><${Signal} /></span>
                <span class="channel-name">${workspace.app.name}</span>
              </button>
            </li>
          </ul>`
      }
    </div>
    <${PeopleSwitch} people=${workspace.people} actAs=${actAs} />
    <footer class="rail-foot">${children}</footer>
  </nav>`;
}

type ChannelLineProps = {
  readonly channel: ShownChannel;
  readonly isOpen: boolean;
  readonly unread: Unread | undefined;
  readonly choose: () => void;
};

function ChannelLine({ channel, isOpen, unread, choose }: ChannelLineProps) {
  const { people } = useContext(Reader);
  const { count = 0, mentions = 0 } = isOpen ? {} : (unread ?? {});
  const other = people.find(({ realName, name }) => [realName, name].includes(channel.name));
  const calls = mentions === 1 ? '1 mention' : `${mentions} mentions`;
  const news = mentions > 0 ? calls : count > 0 ? `${count} unread` : '';
  return html`<li>
    <button
      type="button"
      class=${classes('channel-line', isOpen && 'open', count > 0 && 'unread')}
      aria-current=${isOpen ? 'page' : undefined}
      aria-label=${news ? `${channel.name}, ${news}` : undefined}
      onClick=${choose}
    >
      ${
        channel.kind === 'direct' && other
          ? html`<${Avatar} person=${other} small />`
          : html`<span class="sigil" aria-hidden="true">${channel.kind === 'private' ? '🔒' : '#'}</span>`
      }
      <span class="channel-name">${channel.name}</span>
      ${mentions > 0 && html`<span class="count">${mentions}</span>`}
      ${mentions === 0 && count > 0 && html`<span class="dot" aria-hidden="true"></span>`}
    </button>
  </li>`;
}
