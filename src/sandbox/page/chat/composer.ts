/** Where people type: messages, and slash commands with their hints. */
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShortcutHint, SlashCommandHint } from '#sandbox/protocol.ts';
import { Menu } from '../blocks/menu.ts';
import { html } from '../html.ts';
import { type Failure, wordFailure } from '../state/answers.ts';
import { say, sendCommand, sendShortcut } from '../state/connection.ts';
import { Reader } from '../state/reader.ts';
import { Avatar } from './avatar.ts';
import { CompletionList } from './completion-list.ts';
import { useCompletion } from './use-completion.ts';

type ComposerProps = {
  readonly channel: string;
  readonly threadTs?: string;
  readonly placeholder: string;
  readonly commands: readonly SlashCommandHint[];
  readonly shortcuts?: readonly ShortcutHint[];
  readonly drafts: Map<string, string>;
  /** Words to begin with; each new object is one offer. */
  readonly offered?: { readonly text: string };
};

/** A composer is made anew for each channel and person; an offer is taken by one of them. */
const takenOffers = new WeakSet<object>();

export function Composer(props: ComposerProps) {
  const { channel, threadTs, placeholder, commands, shortcuts = [], drafts, offered } = props;
  const { me } = useContext(Reader);
  const draftKey = `${me.id} ${channel} ${threadTs ?? ''}`;
  const [text, setText] = useState(() => drafts.get(draftKey) ?? '');
  const [failure, setFailure] = useState<string>();
  const input = useRef<HTMLTextAreaElement>(null);
  useGrowing(input, text);

  const type = (next: string) => {
    setText(next);
    drafts.set(draftKey, next);
  };
  useEffect(() => {
    if (!offered || takenOffers.has(offered)) return;
    takenOffers.add(offered);
    type(offered.text);
    input.current?.focus();
  }, [offered]);
  const completion = useCompletion({ text, commands: threadTs ? [] : commands, type, input });

  const send = async () => {
    const words = text.trim();
    if (!words) return;
    if (words.startsWith('/') && threadTs) {
      setFailure('Slash commands work in channels only. Close the thread and try again there.');
      return;
    }
    type('');
    setFailure(undefined);
    completion.remember(words);
    const answer = words.startsWith('/')
      ? await sendCommand({ as: me.id, channel, text: words })
      : await say({ as: me.id, channel, text: words, ...(threadTs ? { threadTs } : {}) });
    if (!answer.ok) setFailure(`${words.split(' ')[0]}: ${wordFailure(answer as Failure)}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || completion.onKeyDown(event)) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const items = shortcuts.map(({ callbackId, name, description }) => ({
    id: callbackId,
    words: name,
    detail: description,
    choose: () => sendShortcut({ as: me.id, callbackId }),
  }));
  return html`<div class="composer-frame">
    ${
      failure &&
      html`<p class="failure" role="alert">
        ${failure}
        <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => setFailure(undefined)}>✕</button>
      </p>`
    }
    <${CompletionList} ...${completion} />
    <form
      class="composer"
      onSubmit=${(event: Event) => {
        event.preventDefault();
        send();
      }}
    >
      <${Avatar} person=${me} small />
      <textarea
        ref=${input}
        rows="1"
        data-tour="composer"
        aria-label=${placeholder}
        aria-autocomplete="list"
        aria-controls=${completion.isOpen ? completion.listId : undefined}
        aria-activedescendant=${completion.isOpen ? completion.optionId(completion.at) : undefined}
        placeholder=${placeholder}
        spellcheck=${false}
        value=${text}
        onInput=${(event: Event) => type((event.target as HTMLTextAreaElement).value)}
        onKeyDown=${onKeyDown}
        onBlur=${completion.close}
      ></textarea>
      ${items.length > 0 && html`<${Menu} label="Shortcuts" items=${items}>⚡</${Menu}>`}
      <button type="submit" class="send" aria-label="Send" disabled=${text.trim() === ''}>
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <path d="M3 11.2 20.5 3.6 14.6 20.6l-3.2-6.8z" fill="currentColor" />
        </svg>
      </button>
    </form>
  </div>`;
}

/** As tall as what is typed; the style sheet says where that ends. */
function useGrowing(input: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}
