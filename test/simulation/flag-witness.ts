/** Watches flags: who may raise one, who said yes to it, and whether agents are answered the same. */
import type { Flag, FlagIntent, FlagValue } from '#domain/flag.ts';
import { type Snapshot, viewOf } from '#domain/snapshot.ts';

/** In the plan of this world. */
export const APPROVAL_ABOVE_PERCENT = 50;

export type FlagSeen = {
  readonly before: Flag;
  readonly after: Flag;
  readonly intent: FlagIntent | undefined;
  readonly snapshot: Snapshot;
};

export function createFlagWitness(must: (holds: boolean, words: string) => void) {
  /** Who wanted what, by our own books. */
  const asked = new Map<string, { readonly by: string; readonly percent: number }>();
  return ({ before, after, intent, snapshot }: FlagSeen): void => {
    const { key } = after;
    const [was, is] = [shareOf(before), shareOf(after)];
    const route = viewOf(snapshot, 'production').flags.get(key);
    must(
      after.archived ? route === undefined : route !== undefined && shareOf(route) === is,
      `agents are not answered by flag ${key} as it is`,
    );
    const request = after.request?.id;
    if (intent?.to === 'set' && request !== undefined && request !== before.request?.id)
      asked.set(`${key}:${request}`, { by: intent.by.actor.id, percent: shareOf(intent.value) });
    if (is <= was) return;
    const what = `flag ${key} went from ${was} to ${is} %`;
    must(intent?.by.membership === 'full' && intent.by.fresh, `${what} by nobody who may`);
    if (intent?.to === 'approve') {
      const wish = asked.get(`${key}:${intent.request}`);
      must(intent.by.approver, `${what} by nobody who may approve`);
      must(wish !== undefined && wish.by !== intent.by.actor.id, `${what} by who asked for it`);
      must(wish?.percent === is, `${what}, which nobody asked for`);
      return;
    }
    must(intent?.by.operator === true, `${what} by nobody who may`);
    must(is <= APPROVAL_ABOVE_PERCENT, `${what} without a second person`);
  };
}

const shareOf = ({ state, percent }: FlagValue) =>
  state === 'on' ? 100 : state === 'off' ? 0 : percent;
