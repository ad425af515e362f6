/** A small list that opens at its control, above everything, and closes by Escape or a click. */
import { useEffect, useRef, useState } from 'preact/hooks';

const GAP_PX = 4;
const LIST_PX_MAX = 320;

export function usePopup() {
  const control = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const onToggle = (event: Event) => setOpen((event as ToggleEvent).newState === 'open');
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  const show = () => {
    if (!control.current || !list.current) return;
    list.current.showPopover();
    place(control.current, list.current);
    setOpen(true);
  };
  const hide = () => {
    list.current?.hidePopover();
    control.current?.focus();
  };
  return { control, list, open, show, hide };
}

/** Below the control when there is room, else above, and never beyond the window. */
function place(control: HTMLElement, list: HTMLElement): void {
  const at = control.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - 2 * GAP_PX;
  const above = at.top - 2 * GAP_PX;
  const goesUp = below < Math.min(LIST_PX_MAX, list.scrollHeight) && above > below;
  const height = Math.min(LIST_PX_MAX, goesUp ? above : below);
  list.style.maxHeight = `${height}px`;
  list.style.minWidth = `${at.width}px`;
  const left = Math.min(at.left, window.innerWidth - list.offsetWidth - GAP_PX);
  list.style.left = `${Math.max(GAP_PX, left)}px`;
  list.style.top = goesUp ? 'auto' : `${at.bottom + GAP_PX}px`;
  list.style.bottom = goesUp ? `${window.innerHeight - at.top + GAP_PX}px` : 'auto';
}
