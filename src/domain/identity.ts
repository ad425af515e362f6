import type { Actor, Asker } from '#domain/actor.ts';

/** All names of one person: Slack IDs, what git calls them, `cli:` and a login, `token:` and its id. */
export type Identities = readonly (readonly string[])[];

/** The one way to write who somebody is, so that a pipeline may name a Slack ID as well. */
export function nameOf({ kind, id }: Actor): string {
  const isBare = kind === 'user' || kind === 'git';
  return (isBare ? id : `${kind}:${id}`).toLowerCase();
}

/** What else this actor is known by. */
export function otherNamesOf(identities: Identities, actor: Actor): readonly string[] {
  const own = nameOf(actor);
  const lists = identities.map((names) => names.map((name) => name.toLowerCase()));
  return lists.filter((names) => names.includes(own)).flat();
}

/** Two names never make two people: a second yes has to come from somebody else. */
export const isSamePerson = (
  { actor, knownAs = [] }: Pick<Asker, 'actor' | 'knownAs'>,
  other: Actor,
) => [nameOf(actor), ...knownAs].includes(nameOf(other));
