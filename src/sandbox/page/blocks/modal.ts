/** A modal: its blocks, its inputs, its errors, and the way out. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownView } from '#sandbox/protocol.ts';
import { classes, html } from '../html.ts';
import { wordFailure } from '../state/answers.ts';
import { sendClose, sendSubmit } from '../state/connection.ts';
import { plainText } from '../text/text-object.ts';
import { Blocks } from './block.ts';
import { useShownModally } from './shown-modally.ts';
import { createForm, type Surface, SurfaceContext } from './surface.ts';

type ModalProps = { readonly view: ShownView; readonly as: string; readonly depth: number };

export function Modal({ view, as, depth }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [form] = useState(createForm);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [errors, setErrors] = useState<Surface['errors']>({});
  useShownModally(dialog);
  useEffect(() => {
    const [first] = Object.keys(errors);
    if (first) focusInput(dialog.current, first);
  }, [errors]);

  // What was wrong with a view says nothing about the one that replaced it.
  useEffect(() => setErrors({}), [view.hash]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || view.submitDisabled) return;
    setBusy(true);
    setFailure(undefined);
    setErrors({});
    const answer = await sendSubmit({ as, viewId: view.id, values: form.values() });
    setBusy(false);
    if (answer.ok) return;
    if (answer.error === 'not_valid') setErrors(answer.errors);
    else setFailure(wordFailure(answer));
  };
  const close = async (event?: Event) => {
    event?.preventDefault();
    const answer = await sendClose({ as, viewId: view.id });
    if (!answer.ok) setFailure(wordFailure(answer));
  };
  const titleId = `modal-${view.id}`;
  const surface: Surface = { as, in: { viewId: view.id }, form, errors, tell: setFailure };
  return html`<dialog class="modal" ref=${dialog} aria-labelledby=${titleId} onCancel=${close}>
    <form novalidate onSubmit=${submit}>
      <header>
        <h2 id=${titleId}>${plainText(view.title) || 'Signalman'}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${() => close()}>✕</button>
      </header>
      <div class="modal-body">
        ${failure && html`<p class="failure" role="alert">${failure}</p>`}
        <${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${view.blocks} /></${SurfaceContext.Provider}>
      </div>
      <footer class="dialog-buttons">
        <button type="button" class="button" onClick=${() => close()}>
          ${plainText(view.close) || (depth > 0 ? 'Back' : 'Cancel')}
        </button>
        ${
          view.submit &&
          html`<button
            type="submit"
            class=${classes('button', 'primary', busy && 'busy')}
            disabled=${view.submitDisabled}
            aria-busy=${busy}
          >
            <span class="button-words">${plainText(view.submit)}</span>
          </button>`
        }
      </footer>
    </form>
  </dialog>`;
}

/** The first wrong input gets the focus, so that its message is read out and seen. */
function focusInput(dialog: HTMLElement | null, blockId: string): void {
  const block = dialog?.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`);
  block?.querySelector<HTMLElement>('input, textarea, button')?.focus();
}
