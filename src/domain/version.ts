import type { Actor } from '#domain/actor.ts';
import type { Instant } from '#domain/time.ts';

/** How a component goes back: at once, once conversations have ended, or not at all. */
export const REVERSIBILITIES = ['instant', 'drain', 'irreversible'] as const;
export type Reversibility = (typeof REVERSIBILITIES)[number];

export type Component = {
  readonly name: string;
  readonly version?: string;
  readonly reversibility: Reversibility;
};

/** One immutable build of a service, as a build pipeline told of it. */
export type RegisteredVersion = {
  readonly service: string;
  readonly version: string;
  readonly commit?: string;
  readonly digest?: string;
  /** Who wrote the change, by what git calls them or their Slack IDs; none of them may approve it. */
  readonly authors: readonly string[];
  /** Where people read what changed. */
  readonly link?: string;
  readonly components: readonly Component[];
  readonly registeredBy: Actor;
  readonly registeredAt: Instant;
};
