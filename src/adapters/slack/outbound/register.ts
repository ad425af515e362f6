/** What the register says about things whose own state no longer tells. */
import { type RegisterEntry, readEntries } from '#adapters/slack/register-entry.ts';
import type { EndedRequest } from '#adapters/slack/views/flag-request.ts';
import type { Actor } from '#domain/actor.ts';
import type { Flag } from '#domain/flag.ts';
import { asInstant } from '#domain/time.ts';
import type { Queries } from '#store/queries.ts';

type RegisterDeps = { readonly queries: Pick<Queries, 'lastEntries'> };

const ENTRIES_MAX = 500;
/** Newest first, and only what was done. */
const doneEntries = ({ queries }: RegisterDeps): readonly RegisterEntry[] =>
  readEntries(queries.lastEntries(ENTRIES_MAX)).filter(({ outcome }) => outcome === 'done');

const OUTCOMES: Readonly<Record<string, EndedRequest['outcome']>> = {
  flag_approve: 'approved',
  flag_decline: 'declined',
  flag_set: 'overtaken',
  flag_ask: 'overtaken',
  flag_archive: 'overtaken',
};

/** How a request to raise a flag ended; undefined once that was too long ago. */
export function endOfRequest(
  deps: RegisterDeps,
  flag: Flag,
  request: number,
): EndedRequest | undefined {
  const entries = doneEntries(deps).filter(({ target }) => target.flag === flag.key);
  // Requests are counted from 1, so the newest ask is the flag's last one.
  const asks = entries.filter(({ action }) => action === 'flag_ask');
  const ask = asks[flag.requests - request];
  if (!ask) return undefined;
  const later = entries.slice(0, entries.indexOf(ask));
  const end = later.findLast(({ action }) => Object.hasOwn(OUTCOMES, action));
  const outcome = OUTCOMES[end?.action ?? ''];
  if (!end || !outcome) return undefined;
  const { from, to, actor: askedBy } = ask;
  return { from, to, askedBy, outcome, by: end.actor, at: asInstant(Date.parse(end.at)) };
}

export type LastKill = { readonly by: Actor; readonly reason: string };

/** Who threw a kill switch last, and why. */
export function lastKill(deps: RegisterDeps, name: string): LastKill | undefined {
  const entry = doneEntries(deps).find(
    ({ action, target }) => action === 'kill_on' && target.killswitch === name,
  );
  return entry && { by: entry.actor, reason: entry.reason };
}
