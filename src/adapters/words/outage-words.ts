import { isDamage } from '#store/sqlite/damage.ts';

/** What people are told when the database is to blame, and what they can do all the same. */
const STOPPING = 'Kill switches still work, by Slack, HTTP and the command line.';

/** Undefined for whatever is no outage of the database: that is a bug, and needs an apology. */
export function outageWords(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (isDamage(error))
    return `Nothing was done: the database of Signalman is damaged, so it starts again in safe mode. Please tell whoever runs it at once: docs/operations.md says how to restore it. ${STOPPING}`;
  const { code, message } = error;
  switch (code) {
    case 'DATABASE_UNOPENED':
      return `Nothing was done: Signalman runs in safe mode, because its database cannot be used (${message}). Agents are answered as they were last. ${STOPPING} Whoever runs Signalman finds what to do in docs/operations.md.`;
    case 'NO_ROOM':
    case 'SQLITE_FULL':
      return `Nothing was done: the disk of Signalman is full. Please tell whoever runs it to make room. What stops something still works: kill, roll back, pause, abort.`;
    case 'SQLITE_BUSY':
      return `Nothing was done: another program holds the database of Signalman locked. Please try again in a minute, or tell whoever runs it to end that program. ${STOPPING}`;
    default:
      return undefined;
  }
}
