/** A menu behind a small button: overflow elements, and what can be done with a message. */
import { type Children, classes, html } from '../html.ts';
import { usePopup } from './popup.ts';

export type MenuItem = {
  readonly id: string;
  readonly words: string;
  readonly detail?: string | undefined;
  readonly choose: () => void;
};

type MenuProps = {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly look?: string;
  readonly children: Children;
};

export function Menu({ label, items, look, children }: MenuProps) {
  const { control, list, open, show, hide } = usePopup();
  const focusItem = (step: number) => {
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all.at((at + step + all.length) % all.length)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step) focusItem(step);
    else if (event.key === 'Tab') hide();
    else return;
    event.preventDefault();
  };
  return html`<button
      type="button"
      ref=${control}
      class=${classes('icon-button', look)}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${open}
      onClick=${open ? hide : show}
    >
      ${children}
    </button>
    <div class="popup menu" popover="auto" role="menu" aria-label=${label} ref=${list} onKeyDown=${onKey}>
      ${items.map(({ id, words, detail, choose }, index) => {
        const chosen = () => {
          hide();
          choose();
        };
        return html`<button
          type="button"
          role="menuitem"
          tabIndex="-1"
          autofocus=${index === 0}
          key=${id}
          onClick=${chosen}
        >
          <span>${words}</span>
          ${detail && html`<span class="muted">${detail}</span>`}
        </button>`;
      })}
    </div>`;
}
