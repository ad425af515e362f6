import { within } from '#adapters/slack/inbound/within.ts';

export type GroupsDeps = {
  readonly members: (groupId: string) => Promise<readonly string[]>;
  readonly monotonicMs: () => number;
};

type How = { readonly fresh: boolean; readonly withinMs: number };
type Held = { readonly yes: boolean; readonly fresh: boolean };

const KEPT_MS = 60_000;

/** Lists of people as `signalman.yml` holds them: user IDs, and the IDs of user groups. */
export function createGroups({ members, monotonicMs }: GroupsDeps) {
  const known = new Map<string, { readonly members: ReadonlySet<string>; readonly atMs: number }>();

  const read = async (groupId: string) => {
    const group = { members: new Set(await members(groupId)), atMs: monotonicMs() };
    known.set(groupId, group);
    return group;
  };

  const find = async (groupId: string, { fresh, withinMs }: How) => {
    const kept = known.get(groupId);
    if (kept && !fresh && monotonicMs() - kept.atMs < KEPT_MS) return { ...kept, isRead: true };
    const group = await within(withinMs, read(groupId));
    return group ? { ...group, isRead: true } : { members: kept?.members, isRead: false };
  };

  return {
    /** A person named by their own ID needs no group, so no outage can hide their role. */
    holds: async (list: readonly string[], userId: string, how: How): Promise<Held> => {
      if (list.includes(userId)) return { yes: true, fresh: true };
      const groups = await Promise.all(list.filter(isGroup).map((id) => find(id, how)));
      const holding = groups.filter((group) => group.members?.has(userId));
      // One group that holds them, read just now, settles it, whatever the others say.
      if (holding.some((group) => group.isRead)) return { yes: true, fresh: true };
      return { yes: holding.length > 0, fresh: groups.every((group) => group.isRead) };
    },
    /** Everybody on a list, as far as its groups can be read. */
    everybody: async (list: readonly string[], how: How): Promise<readonly string[]> => {
      const groups = await Promise.all(list.filter(isGroup).map((id) => find(id, how)));
      const members = groups.flatMap((group) => [...(group.members ?? [])]);
      return [...new Set([...list.filter((id) => !isGroup(id)), ...members])];
    },
  };
}

const isGroup = (id: string) => id.startsWith('S');
