/** A thread, beside its channel. */
import { useContext, useMemo } from 'preact/hooks';
import type { ShownChannel } from '#sandbox/protocol.ts';
import { html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { inThread, type Workspace } from '../state/workspace.ts';
import { Composer } from './composer.ts';
import { MessageList } from './message-list.ts';

type ThreadViewProps = {
  readonly workspace: Workspace;
  readonly channel: ShownChannel;
  readonly threadTs: string;
  readonly drafts: Map<string, string>;
  readonly close: () => void;
};

const NO_SHORTCUTS = [] as const;

export function ThreadView({ workspace, channel, threadTs, drafts, close }: ThreadViewProps) {
  const { me } = useContext(Reader);
  const all = workspace.messages.get(channel.id);
  const messages = useMemo(() => inThread(all ?? [], threadTs), [all, threadTs]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close();
  };
  return html`<aside class="pane thread" aria-label="Thread" onKeyDown=${onKeyDown}>
    <header class="pane-head">
      <button type="button" class="icon-button back" aria-label="Back to #${channel.name}" onClick=${close}>‹</button>
      <div class="pane-title">
        <h2>Thread</h2>
        <p class="muted topic">#${channel.name}</p>
      </div>
      <button type="button" class="icon-button close" aria-label="Close the thread" onClick=${close}>✕</button>
    </header>
    <${MessageList} key=${threadTs} messages=${messages} label="Messages in this thread" shortcuts=${NO_SHORTCUTS} />
    <${Composer}
      key="${me.id} ${threadTs}"
      channel=${channel.id}
      threadTs=${threadTs}
      placeholder="Reply as ${me.realName}"
      commands=${workspace.commands}
      drafts=${drafts}
    />
  </aside>`;
}
