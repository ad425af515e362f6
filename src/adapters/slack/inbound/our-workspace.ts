import { z } from 'zod';
import type { Logger } from '#operations/logger.ts';

const Body = z.object({
  team_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ team_id: z.string().optional() }).optional(),
  api_app_id: z.string().optional(),
});

export type OurWorkspace = {
  readonly team: () => string | undefined;
  /** Does a delivery come from our app in our workspace, and from somebody who belongs there? */
  readonly isOurs: (body: unknown) => boolean;
  readonly start: () => Promise<void>;
  readonly stop: () => void;
};

export type OurWorkspaceDeps = {
  /** `auth.test`: which workspace the token belongs to, and which app when Slack says so. */
  readonly whoAmI: () => Promise<{ readonly team?: string; readonly app?: string }>;
  readonly log: Logger;
};

const RETRY_MS = 15_000;

/**
 * Slack may be down when we start; then it is asked again, and until it has answered nobody is
 * known to be a member: what stops something works, and nothing else does.
 */
export function createOurWorkspace({ whoAmI, log }: OurWorkspaceDeps): OurWorkspace {
  let team: string | undefined;
  let app: string | undefined;
  let asking: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  const ask = async () => {
    try {
      const me = await whoAmI();
      team = me.team;
      app = me.app ?? app;
      clearInterval(retry);
    } catch (error) {
      log.warn({ err: error, retryMs: RETRY_MS }, 'Slack did not say which workspace is ours');
    }
  };
  const askOnce = () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return {
    team: () => team,
    isOurs: (body) => {
      // Somebody is waiting, so this is a good moment to try again.
      if (team === undefined) void askOnce();
      const read = Body.safeParse(body);
      if (!read.success) return false;
      const { team_id, team: place, user, api_app_id } = read.data;
      // What is signed with the app's own secret is the app's own, so the first one names it.
      app ??= api_app_id;
      const teams = [team_id, place?.id, user?.team_id].filter((id) => id !== undefined);
      return (
        (team === undefined || teams.every((id) => id === team)) &&
        (api_app_id === undefined || api_app_id === app)
      );
    },
    start: () => {
      retry = setInterval(askOnce, RETRY_MS).unref();
      return askOnce();
    },
    stop: () => clearInterval(retry),
  };
}
