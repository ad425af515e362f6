import type { Asker } from '#domain/actor.ts';
import type { Instant } from '#domain/time.ts';
import type { Request } from '#store/port.ts';

/** Who asks, by which way, and under which key. */
export type Asked = {
  readonly by: Pick<Asker, 'actor' | 'origin'>;
  readonly inboxKey?: string | undefined;
};

/** What the store is told of a request beside the decision. */
export const requestOf = ({ by: { origin }, inboxKey }: Asked, at: Instant): Request => ({
  at,
  ...(inboxKey !== undefined && { inboxKey }),
  ...(origin && { origin }),
});
