/** Shows a dialog above the page while it is there, and gives the focus back afterwards. */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const FIRST_INPUT = '.modal-body :is(input, textarea, .select-control)';

export function useShownModally(dialog: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // By itself the browser would choose the button that closes the dialog.
    element?.querySelector<HTMLElement>(FIRST_INPUT)?.focus();
    return () => element?.close();
  }, [dialog]);
}
