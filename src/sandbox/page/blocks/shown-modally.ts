/** Shows a dialog above the page while it is there, and gives the focus back afterwards. */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export function useShownModally(dialog: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, [dialog]);
}
