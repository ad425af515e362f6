import type { WebClient } from '@slack/web-api';
import { type Finding, fine, problem } from '#adapters/cli/finding.ts';
import type { Settings } from '#domain/settings.ts';

/** What the bot cannot do without; the manifest asks for the same. */
export const NEEDED_SCOPES = ['commands', 'chat:write', 'users:read'] as const;

/** Tries the token, its scopes, every channel and everybody whom the configuration names. */
export async function checkSlack(
  client: WebClient,
  settings: Settings,
): Promise<readonly Finding[]> {
  const token = await checkToken(client);
  if (!token.ok) return [token.finding];
  const { botUserId } = token;
  const channels = channelsOf(settings);
  const { people, groups } = peopleOf(settings);
  return [
    token.finding,
    ...checkScopes(token.scopes, groups.length > 0),
    ...(await inTurn(channels, (channel) => checkChannel(client, channel, botUserId))),
    ...(await inTurn(people, (id) => checkPerson(client, id))),
    ...(await inTurn(groups, (id) => checkGroup(client, id))),
  ];
}

type Token =
  | { readonly ok: false; readonly finding: Finding }
  | {
      readonly ok: true;
      readonly finding: Finding;
      readonly scopes: readonly string[];
      readonly botUserId: string;
    };

async function checkToken(client: WebClient): Promise<Token> {
  try {
    const { team, user, user_id: botUserId = '', response_metadata } = await client.auth.test();
    const finding = fine(`the bot token works: ${user} in ${team}`);
    return { ok: true, finding, botUserId, scopes: response_metadata?.scopes ?? [] };
  } catch (error) {
    const why = codeOf(error);
    const words = `Slack does not take the bot token (${why}); install the app again and copy SLACK_BOT_TOKEN`;
    return { ok: false, finding: problem(words) };
  }
}

function checkScopes(granted: readonly string[], needsGroups: boolean): readonly Finding[] {
  // Some proxies drop the header that names the scopes; then each call below speaks for itself.
  if (granted.length === 0) return [];
  const needed = [...NEEDED_SCOPES, ...(needsGroups ? ['usergroups:read'] : [])];
  const missing = needed.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return [fine('the token has every scope that is needed')];
  return [
    problem(
      `the token lacks ${missing.join(', ')}; add it under “OAuth & Permissions” and reinstall`,
    ),
  ];
}

async function checkChannel(
  client: WebClient,
  channel: string,
  botUserId: string,
): Promise<readonly Finding[]> {
  const invite = `invite the bot there with /invite <@${botUserId}>`;
  try {
    const found = await findChannel(client, channel);
    if (!found) return [problem(`there is no channel ${channel} that the bot can see; ${invite}`)];
    if (found.is_archived) return [problem(`the channel ${channel} is archived; name another one`)];
    if (!found.is_member) return [problem(`the bot is not in ${channel}; ${invite}`)];
    return [fine(`the bot is in ${channel}`), ...(await checkReading(client, found.id ?? channel))];
  } catch (error) {
    const why = codeOf(error);
    if (why !== 'missing_scope')
      return [problem(`${channel} cannot be looked up (${why}); ${invite}`)];
    const words = `${channel} cannot be looked up without channels:read; make sure that the bot is in it`;
    return [{ ok: 'warning', words }, ...(await checkReading(client, channel))];
  }
}

/** What was posted is looked at again, which takes an ID and a scope of its own. */
async function checkReading(client: WebClient, channel: string): Promise<readonly Finding[]> {
  if (!CHANNEL_ID.test(channel)) return [];
  try {
    await client.conversations.history({ channel, limit: 1 });
    return [fine(`what is posted in ${channel} can be read back`)];
  } catch (error) {
    const words = `what is posted in ${channel} cannot be read back (${codeOf(error)}), so an alert that Slack loses stays lost, and after a failure a message may come twice; add channels:history (groups:history for a private channel) under “OAuth & Permissions” and reinstall`;
    return [{ ok: 'warning', words }];
  }
}

const CHANNEL_ID = /^[CG][A-Z0-9]{5,}$/;

type Channel = {
  readonly id?: string;
  readonly is_member?: boolean;
  readonly is_archived?: boolean;
};

async function findChannel(client: WebClient, channel: string): Promise<Channel | undefined> {
  if (CHANNEL_ID.test(channel)) return (await client.conversations.info({ channel })).channel;
  const name = channel.replace(/^#/, '');
  let cursor = '';
  do {
    const page = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: 500,
      ...(cursor && { cursor }),
    });
    const found = page.channels?.find((one) => one.name === name);
    if (found) return found;
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor);
  return undefined;
}

async function checkPerson(client: WebClient, id: string): Promise<Finding> {
  try {
    const { user } = await client.users.info({ user: id });
    const name = `${user?.real_name ?? id} (${id})`;
    if (user?.deleted) return problem(`${name} was deactivated; take them out of people`);
    if (user?.is_bot) return problem(`${name} is a bot, and bots may do nothing here`);
    if (user?.is_restricted || user?.is_ultra_restricted)
      return problem(`${name} is a guest, and guests may do nothing here`);
    return fine(`${name} is a full member`);
  } catch (error) {
    return problem(`${id} cannot be looked up (${codeOf(error)}); is the ID right?`);
  }
}

async function checkGroup(client: WebClient, id: string): Promise<Finding> {
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup: id });
    if (users.length === 0) return problem(`the user group ${id} is empty: nobody has that role`);
    return fine(`the user group ${id} has ${users.length} members`);
  } catch (error) {
    const why = codeOf(error);
    const advice =
      why === 'plan_upgrade_required'
        ? 'user groups need a paid plan; name user IDs instead'
        : 'is the ID right, and has the token usergroups:read?';
    return problem(`the user group ${id} cannot be read (${why}); ${advice}`);
  }
}

function channelsOf(settings: Settings): readonly string[] {
  const { channel, audit, alerts, services } = settings;
  const own = [...services.values()].map((service) => service.channel);
  const all = [channel, ...own, audit.channel, alerts.fallbackChannel];
  return [...new Set(all.filter((name) => name !== undefined))];
}

function peopleOf(settings: Settings) {
  const lists = [settings.people, ...[...settings.services.values()].map(({ people }) => people)];
  const ids = [
    ...new Set(lists.flatMap(({ operators, approvers }) => [...operators, ...approvers])),
  ];
  return {
    groups: ids.filter((id) => id.startsWith('S')),
    people: ids.filter((id) => !id.startsWith('S')),
  };
}

/** One after the other: user groups may be read only twenty times a minute. */
async function inTurn<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const item of items) findings.push(...[await check(item)].flat());
  return findings;
}

/** Slack's own word for what went wrong, or how the connection failed. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { data, message } = error as { data?: { error?: string }; message?: string };
  return data?.error ?? message ?? 'unknown';
}
