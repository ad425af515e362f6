/** A response_url answers one command or click: five times, within thirty minutes. */
import { letters } from '#sandbox/slack/ids.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

const USES_MAX = 5;
const LIFE_MS = 30 * 60_000;

export type ResponseUrl = {
  readonly channel: string;
  readonly by: string;
  readonly atMs: number;
  /** The message that was clicked; replacing and deleting mean this one. */
  readonly messageTs?: string | undefined;
  readonly threadTs?: string | undefined;
  uses: number;
};

type Issued = Pick<ResponseUrl, 'channel' | 'by' | 'messageTs' | 'threadTs'> & {
  readonly kind: 'commands' | 'actions';
};

/** Returns the path; the server's own origin goes before it. */
export function issueResponseUrl(workspace: Workspace, { kind, ...about }: Issued): string {
  const { team, dice, clock, responseUrls } = workspace;
  const number = String(Math.floor(dice() * 1e12)).padStart(12, '0');
  const path = `/${kind}/${team.id}/${number}/${letters({ dice }, 24)}`;
  responseUrls.set(path, { ...about, atMs: clock(), uses: 0 });
  return path;
}

export type Spent =
  | { readonly use: ResponseUrl; readonly error?: never }
  | { readonly error: 'unknown' | 'expired_url' | 'used_url' };

export function spendResponseUrl({ responseUrls, clock }: Workspace, path: string): Spent {
  const use = responseUrls.get(path);
  if (!use) return { error: 'unknown' };
  if (clock() - use.atMs > LIFE_MS) return { error: 'expired_url' };
  if (use.uses >= USES_MAX) return { error: 'used_url' };
  use.uses += 1;
  return { use };
}
