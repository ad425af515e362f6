/** The guided tour: one step at a time above the messages, to follow or to ignore. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { classes, html } from '../html.ts';
import { recall, remember } from '../state/remember.ts';
import { type Sight, STEPS, type TourStep } from './steps.ts';

/** Time to see what one has done before the next step takes its place. */
const PAUSE_MS = 900;

export function useTour(sight: Sight) {
  const [at, setAt] = useState(() => Number(recall('tour') ?? '0'));
  const [isOpen, setOpen] = useState(() => recall('tour-closed') !== 'yes');
  const step = STEPS[at];
  const isDone = isOpen && step?.isDone(sight) === true;

  const goTo = (next: number) => {
    setAt(next);
    remember('tour', String(next));
  };
  const show = (open: boolean) => {
    setOpen(open);
    remember('tour-closed', open ? 'no' : 'yes');
    if (open && !step) goTo(0);
  };
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => goTo(at + 1), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isDone, at]);
  return { at, isOpen, isDone, goTo, show };
}

type TourProps = {
  readonly tour: ReturnType<typeof useTour>;
  /** Does the parts of a step that are the page's own. */
  readonly help: (step: TourStep) => void;
};

export function Tour({ tour: { at, isOpen, isDone, goTo, show }, help }: TourProps) {
  const card = useRef<HTMLElement>(null);
  if (!isOpen) return null;
  const step = STEPS[at];
  return html`<section class="tour" aria-label="Guided tour" ref=${card}>
    <${Progress} at=${at} goTo=${goTo} />
    <div class="tour-words" aria-live="polite">
      ${
        step
          ? html`<strong>${isDone ? '✓ ' : ''}${step.title}</strong> <span>${step.words}</span>`
          : html`<strong>That is all of it.</strong>
              <span>Try a release that goes well next, or take the tour once more.</span>`
      }
    </div>
    <div class="tour-buttons">
      ${
        step
          ? html`<button type="button" class="button primary slim" onClick=${() => help(step)}>${offer(step)}</button>
              <button type="button" class="quiet" onClick=${() => goTo(at + 1)}>Next</button>`
          : html`<button type="button" class="button slim" onClick=${() => goTo(0)}>Again</button>`
      }
      <button type="button" class="icon-button" aria-label="Close the tour" onClick=${() => show(false)}>✕</button>
    </div>
  </section>`;
}

function Progress({ at, goTo }: { at: number; goTo: (step: number) => void }) {
  return html`<ol class="tour-steps" aria-label="Steps of the tour">
    ${STEPS.map(({ title }, index) => {
      const look = classes('tour-step', index < at && 'done', index === at && 'now');
      return html`<li key=${title}>
        <button
          type="button"
          class=${look}
          aria-label="Step ${index + 1}: ${title}"
          aria-current=${index === at ? 'step' : undefined}
          title=${title}
          onClick=${() => goTo(index)}
        >
          ${index < at ? '✓' : index + 1}
        </button>
      </li>`;
    })}
  </ol>`;
}

function offer(step: TourStep): string {
  if (step.type) return 'Type it for me';
  if (step.actAs) return 'Switch person';
  return 'Show me';
}
