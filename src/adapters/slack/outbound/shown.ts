/** What each living message showed last, so that an edit that would change nothing is left out. */
import { createHash } from 'node:crypto';
import type { View } from '#adapters/slack/views/blocks.ts';

export type Shown = ReturnType<typeof createShown>;

/** Forgotten at a restart, which costs one edit a message. */
export function createShown() {
  const known = new Map<string, { readonly digest: string; readonly text: string }>();
  return {
    isSame: (subject: string, view: View) => known.get(subject)?.digest === digestOf(view),
    /** What a notification would say is another thing; the rest only counts along. */
    isNews: (subject: string, { text }: View) => (known.get(subject)?.text ?? text) !== text,
    remember: (subject: string, view: View) => {
      known.set(subject, { digest: digestOf(view), text: view.text });
    },
    forget: (subject: string) => {
      known.delete(subject);
    },
  };
}

const digestOf = (view: View) => createHash('sha256').update(JSON.stringify(view)).digest('base64');
