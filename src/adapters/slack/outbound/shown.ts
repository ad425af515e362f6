/** What each living message showed last, so that an edit that would change nothing is left out. */
import { createHash } from 'node:crypto';
import type { View } from '#adapters/slack/views/blocks.ts';

export type Shown = ReturnType<typeof createShown>;

/** Forgotten at a restart, which costs one edit a message. */
export function createShown() {
  const digests = new Map<string, string>();
  return {
    isSame: (subject: string, view: View) => digests.get(subject) === digestOf(view),
    remember: (subject: string, view: View) => {
      digests.set(subject, digestOf(view));
    },
    forget: (subject: string) => {
      digests.delete(subject);
    },
  };
}

const digestOf = (view: View) => createHash('sha256').update(JSON.stringify(view)).digest('base64');
