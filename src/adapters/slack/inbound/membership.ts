import type { Standing } from '#domain/actor.ts';

/** What `users.info` says of somebody, as far as it matters here. */
export type SlackUser = {
  readonly teamId?: string;
  readonly name?: string;
  readonly deleted: boolean;
  readonly isBot: boolean;
  readonly isRestricted: boolean;
  readonly isStranger: boolean;
};

type Teams = { readonly claimedTeam: string; readonly ourTeam: string | undefined };

/** Slack Connect lets people of other companies press our buttons, so their own team decides. */
export function membershipOf(
  user: SlackUser,
  { claimedTeam, ourTeam }: Teams,
): Standing['membership'] {
  const isForeign =
    ourTeam !== undefined && (claimedTeam !== ourTeam || (user.teamId ?? ourTeam) !== ourTeam);
  if (isForeign || user.isStranger || user.deleted) return 'stranger';
  if (user.isBot) return 'bot';
  if (user.isRestricted) return 'guest';
  // As long as Slack has not said which workspace is ours, nobody can be known to belong to it.
  return ourTeam === undefined ? 'unknown' : 'full';
}
