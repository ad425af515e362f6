/** The lines a slash command could become, above the composer. */
import { classes, html } from '../html.ts';
import type { Completion } from './slash-completion.ts';

type CompletionListProps = {
  readonly listId: string;
  readonly optionId: (index: number) => string;
  readonly isOpen: boolean;
  readonly found: readonly Completion[];
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly take: (completion: Completion) => void;
};

export function CompletionList(props: CompletionListProps) {
  const { listId, optionId, isOpen, found, at, setAt, take } = props;
  if (!isOpen) return null;
  return html`<div class="completions">
    <div class="completions-head" aria-hidden="true">
      <span>Commands of Signalman</span>
      <span><kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Tab</kbd> take <kbd>Esc</kbd> close</span>
    </div>
    <div role="listbox" id=${listId} aria-label="Commands">
      ${found.map((completion, index) => {
        const { usage, description } = completion;
        return html`<div
          id=${optionId(index)}
          role="option"
          key=${usage}
          class=${classes('completion', index === at && 'active')}
          aria-selected=${index === at}
          onMouseMove=${() => setAt(index)}
          onMouseDown=${(event: Event) => event.preventDefault()}
          onClick=${() => take(completion)}
        >
          <span class="usage">${marked(usage)}</span>
          ${description && html`<span class="muted">${description}</span>`}
        </div>`;
      })}
    </div>
  </div>`;
}

/** Placeholders are set apart from words that are typed as they stand. */
function marked(usage: string) {
  return usage.split(/([<[][^>\]]*[>\]])/).map((part, index) => {
    return index % 2 === 1 ? html`<i>${part}</i>` : part;
  });
}
