/** The panes: rail, chat, and a thread or the strip beside it; on a phone one at a time. */
import { useCallback, useRef, useState } from 'preact/hooks';
import type { ShownChannel } from '#sandbox/protocol.ts';
import { ChannelView } from './chat/channel-view.ts';
import { HomeView } from './chat/home-view.ts';
import { HOME, Rail } from './chat/rail.ts';
import { ThreadView } from './chat/thread-view.ts';
import { html } from './html.ts';
import { recall, remember } from './state/remember.ts';
import { useTheme } from './state/theme.ts';
import type { Unread } from './state/unread.ts';
import { useDemo } from './state/use-demo.ts';
import type { Workspace } from './state/workspace.ts';
import { Strip } from './strip/strip.ts';
import type { TourStep } from './tour/steps.ts';
import { Tour, useTour } from './tour/tour.ts';

type DeskProps = {
  readonly workspace: Workspace;
  readonly channel: ShownChannel | undefined;
  readonly isHome: boolean;
  readonly unread: ReadonlyMap<string, Unread>;
  readonly readTs: string;
  readonly openChannel: (id: string) => void;
  readonly actAs: (id: string) => void;
};

export function Desk(props: DeskProps) {
  const { workspace, channel, isHome, unread, readTs, actAs } = props;
  const drafts = useRef(new Map<string, string>());
  const panes = usePanes();
  const demo = useDemo();
  const tour = useTour({
    demo: demo.state,
    messages: [...workspace.messages.values()].flat(),
    bot: workspace.app.botUserId,
    channelName: channel?.name ?? '',
  });
  const openChannel = (id: string) => {
    props.openChannel(id);
    panes.toChat();
  };
  // On a phone the rail is all there is to see, and whoever chose somebody wants to act as them.
  const switchTo = (id: string) => {
    actAs(id);
    panes.toChat();
  };
  const [typed, setTyped] = useState<Typed>();
  const help = (step: TourStep) => {
    const person = workspace.people.find(({ name }) => name === step.actAs);
    const target = workspace.channels.find(({ name }) => name === step.open);
    if (person) actAs(person.id);
    if (target) openChannel(target.id);
    if (step.shows) panes.showStrip(true);
    if (step.type) setTyped({ text: step.type });
  };
  const channelId = channel?.id ?? '';
  const openThread = useCallback(
    (ts: string) => panes.openThread({ channel: channelId, ts }),
    [channelId],
  );
  const thread = isHome ? undefined : panes.threadIn(channel?.id);
  const tools = html`<${StripToggle} isOpen=${panes.isStripOpen} set=${panes.showStrip} />`;
  const banner = html`<${Tour} tour=${tour} help=${help} />`;
  return html`<div
    class="page"
    data-pane=${thread ? 'thread' : panes.pane}
    data-thread=${thread !== undefined}
    data-strip=${panes.isStripOpen}
  >
    <${Rail}
      workspace=${workspace}
      open=${isHome ? HOME : channel?.id}
      unread=${unread}
      openChannel=${openChannel}
      actAs=${switchTo}
    >
      <${RailFoot} showTour=${() => tour.show(!tour.isOpen)} isTourOpen=${tour.isOpen} />
    </${Rail}>
    ${isHome && html`<${HomeView} workspace=${workspace} goBack=${panes.toRail}>${tools}</${HomeView}>`}
    ${
      !isHome &&
      channel &&
      html`<${ChannelView}
        ...${{ workspace, channel, readTs, typed, banner }}
        openThread=${openThread}
        drafts=${drafts.current}
        goBack=${panes.toRail}
        >${tools}</${ChannelView}
      >`
    }
    ${!isHome && !channel && html`<main class="pane chat"><p class="muted empty">${workspace.me.realName} is in no channel.</p></main>`}
    ${
      thread &&
      html`<${ThreadView}
        ...${{ workspace, channel }}
        threadTs=${thread}
        drafts=${drafts.current}
        close=${() => panes.openThread(undefined)}
      />`
    }
    ${panes.isStripOpen && html`<${Strip} demo=${demo} close=${() => panes.showStrip(false)} />`}
  </div>`;
}

/** An object each time, so that the same words can be offered twice. */
export type Typed = { readonly text: string };
type Thread = { readonly channel: string; readonly ts: string };

/** Wide enough for a strip beside the chat without being asked for it. */
const ROOMY_PX = 1200;

function usePanes() {
  const [pane, setPane] = useState<'rail' | 'chat' | 'strip'>('chat');
  const [thread, openThread] = useState<Thread>();
  const [isStripOpen, setStripOpen] = useState(() => {
    return window.innerWidth >= ROOMY_PX && recall('strip') !== 'closed';
  });
  return {
    pane,
    toRail: () => setPane('rail'),
    toChat: () => setPane('chat'),
    openThread,
    threadIn: (channel: string | undefined) =>
      thread?.channel === channel ? thread?.ts : undefined,
    isStripOpen,
    showStrip: (isOpen: boolean) => {
      setStripOpen(isOpen);
      setPane(isOpen ? 'strip' : 'chat');
      if (isOpen) openThread(undefined);
      remember('strip', isOpen ? 'open' : 'closed');
    },
  };
}

function StripToggle({ isOpen, set }: { isOpen: boolean; set: (isOpen: boolean) => void }) {
  return html`<button
    type="button"
    class="strip-toggle"
    aria-expanded=${isOpen}
    onClick=${() => set(!isOpen)}
  >
    <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
      <path
        d="M3 12h4l3-7 4 14 3-7h4"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
    Live
  </button>`;
}

function RailFoot({ showTour, isTourOpen }: { showTour: () => void; isTourOpen: boolean }) {
  const { theme, toggle } = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return html`<button type="button" class="quiet" onClick=${toggle} aria-label="Switch to ${other} colours">
      ${theme === 'dark' ? '☀ Light' : '☾ Dark'}
    </button>
    <button type="button" class="quiet" aria-pressed=${isTourOpen} onClick=${showTour}>Guided tour</button>`;
}
