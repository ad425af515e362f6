/** “Are you sure?”, asked by a dialog above everything else. */
import type { ConfirmationDialog } from '@slack/types';
import { useCallback, useRef, useState } from 'preact/hooks';
import { type Children, classes, html } from '../html.ts';
import { plainText, TextObject } from '../text/text-object.ts';
import { useShownModally } from './shown-modally.ts';
import { Ask } from './surface.ts';

type Question = {
  readonly confirm: ConfirmationDialog;
  readonly answer: (sure: boolean) => void;
};

/** Lets everything inside ask; there is one question at a time. */
export function AskingAllowed({ children }: { children: Children }) {
  const [question, setQuestion] = useState<Question>();
  const ask = useCallback((confirm: ConfirmationDialog) => {
    return new Promise<boolean>((answer) => {
      setQuestion({ confirm, answer });
    });
  }, []);
  const decide = (sure: boolean) => {
    question?.answer(sure);
    setQuestion(undefined);
  };
  return html`<${Ask.Provider} value=${ask}>
    ${children}
    ${question && html`<${ConfirmDialog} confirm=${question.confirm} decide=${decide} />`}
  </${Ask.Provider}>`;
}

type ConfirmProps = { confirm: ConfirmationDialog; decide: (sure: boolean) => void };

function ConfirmDialog({ confirm, decide }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useShownModally(dialog);
  const onCancel = (event: Event) => {
    event.preventDefault();
    decide(false);
  };
  const look = classes('button', confirm.style ?? 'primary');
  return html`<dialog class="confirm" ref=${dialog} aria-labelledby="confirm-title" onCancel=${onCancel}>
    <h2 id="confirm-title">${plainText(confirm.title) || 'Are you sure?'}</h2>
    <div class="confirm-text"><${TextObject} text=${confirm.text} /></div>
    <div class="dialog-buttons">
      <button type="button" class="button" onClick=${() => decide(false)}>
        ${plainText(confirm.deny) || 'Cancel'}
      </button>
      <button type="button" class=${look} onClick=${() => decide(true)}>
        ${plainText(confirm.confirm) || 'Yes'}
      </button>
    </div>
  </dialog>`;
}
