/** One channel: its head, its messages, its composer. */
import { useContext, useMemo } from 'preact/hooks';
import type { ShownChannel } from '#sandbox/protocol.ts';
import { type Children, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { inChannel, type Workspace } from '../state/workspace.ts';
import { Composer } from './composer.ts';
import { MessageList } from './message-list.ts';
import { ToRail } from './to-rail.ts';

type ChannelViewProps = {
  readonly workspace: Workspace;
  readonly channel: ShownChannel;
  readonly readTs: string;
  readonly openThread: (ts: string) => void;
  readonly drafts: Map<string, string>;
  /** Words that the tour puts into the composer. */
  readonly typed?: { readonly text: string };
  readonly goBack: () => void;
  /** Stands between the head and the messages. */
  readonly banner: Children;
  /** What stands at the right of the head. */
  readonly children: Children;
};

export function ChannelView(props: ChannelViewProps) {
  const { workspace, channel, readTs, openThread, drafts, typed, goBack, banner, children } = props;
  const { me } = useContext(Reader);
  const all = workspace.messages.get(channel.id);
  const messages = useMemo(() => inChannel(all ?? []), [all]);
  const ofType = (type: 'message' | 'global') =>
    workspace.shortcuts.filter((one) => one.type === type);
  const messageShortcuts = useMemo(() => ofType('message'), [workspace.shortcuts]);
  const name = channel.kind === 'direct' ? channel.name : `#${channel.name}`;
  const beginning = html`<${Beginning} channel=${channel} name=${name} isEmpty=${messages.length === 0} />`;
  return html`<main class="pane chat">
    <header class="pane-head">
      <${ToRail} go=${goBack} />
      <div class="pane-title">
        <h1>${name}</h1>
        <p class="muted topic">${channel.topic}</p>
      </div>
      ${children}
    </header>
    ${banner}
    <${MessageList}
      key="${me.id} ${channel.id}"
      messages=${messages}
      label="Messages in ${name}"
      shortcuts=${messageShortcuts}
      readTs=${readTs}
      openThread=${openThread}
      beginning=${beginning}
    />
    <${Composer}
      key="composer ${me.id} ${channel.id}"
      channel=${channel.id}
      placeholder="Message ${name} as ${me.realName}"
      commands=${workspace.commands}
      shortcuts=${ofType('global')}
      drafts=${drafts}
      offered=${typed}
    />
  </main>`;
}

type BeginningProps = { channel: ShownChannel; name: string; isEmpty: boolean };

function Beginning({ channel, name, isEmpty }: BeginningProps) {
  const whose = channel.kind === 'direct' ? 'of your messages with' : 'of';
  return html`<div class="beginning">
    <h2>${name}</h2>
    <p>${`This is the very beginning ${whose} ${name}.`}</p>
    ${channel.topic && html`<p>${channel.topic}.</p>`}
    ${
      isEmpty &&
      html`<p>
        Nothing was said here yet. Type <kbd>/</kbd> to see what Signalman can do, for example${' '}
        <code>/rollout start support-agent 2.4.0</code>.
      </p>`
    }
  </div>`;
}
