import type { Seed } from '#sandbox/slack/seed.ts';

/** A workspace with so many operators more, so that nobody's own limit holds a measurement up. */
export function crowded(seed: Seed, ids: readonly string[]): Seed {
  const [somebody] = seed.people;
  if (!somebody) throw new Error('The seed has nobody.');
  return {
    ...seed,
    people: [...seed.people, ...ids.map((id) => ({ ...somebody, id, name: id.toLowerCase() }))],
    groups: seed.groups.map((group) =>
      group.id === 'S0OPS' ? { ...group, members: [...group.members, ...ids] } : group,
    ),
    channels: seed.channels.map((channel) => ({
      ...channel,
      members: [...channel.members, ...ids],
    })),
  };
}
