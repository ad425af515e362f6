/** Everybody who might press something, looked up as the bot does it, with Slack played. */
import { createDirectory } from '#adapters/slack/inbound/directory.ts';
import type { SlackUser } from '#adapters/slack/inbound/membership.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Asker } from '#domain/actor.ts';
import type { Permission } from '#domain/permission.ts';
import { someSettings } from '#test/support/some-settings.ts';

const OURS = 'T0SIGNAL';
const member: SlackUser = {
  teamId: OURS,
  deleted: false,
  isBot: false,
  isRestricted: false,
  isStranger: false,
};

/** What Slack says of whom. The first six are full members; nobody else may do anything. */
export const KINDS = {
  somebody: member,
  requester: member,
  requesters_second_id: member,
  presser_of_promote: member,
  author: member,
  author_by_address: member,
  guest: { ...member, isRestricted: true },
  bot_or_workflow: { ...member, isBot: true },
  deactivated: { ...member, deleted: true },
  of_another_company: { ...member, teamId: 'T0PARTNER', isStranger: true },
  of_another_team_of_the_grid: { ...member, teamId: 'T0SISTER' },
  claiming_another_team: member,
  unreadable: 'never_read',
  remembered: 'read_before',
} as const satisfies Record<string, SlackUser | 'never_read' | 'read_before'>;
export type Kind = keyof typeof KINDS;

export const IDS: Readonly<Record<Kind, string>> = Object.fromEntries(
  Object.keys(KINDS).map((kind, place) => [kind, `U0KIND${place}`]),
) as Record<Kind, string>;

export const ROLES = {
  no_role: { operator: false, approver: false },
  operator: { operator: true, approver: false },
  approver: { operator: false, approver: true },
  both_roles: { operator: true, approver: true },
} as const;
export type Role = keyof typeof ROLES;

export const PLACES = {
  service_channel: { channelId: 'C0SUPPORTOPS', channelName: 'support-ops' },
  main_channel_by_id: { channelId: 'C0AGENTOPS', channelName: 'privategroup' },
  in_private: 'in_private',
  another_channel: { channelId: 'C0RANDOM', channelName: 'random' },
  not_said: undefined,
} as const;
export type PlaceName = keyof typeof PLACES;

type Who = { readonly kind: Kind; readonly role: Role; readonly place: PlaceName };

/** The author in git goes by an address, which the configuration gives to a member. */
export const AUTHOR_ADDRESS = 'author@example.com';
const IDENTITIES = [
  [IDS.requester, IDS.requesters_second_id],
  [IDS.author_by_address, AUTHOR_ADDRESS],
];

export async function asks(
  { kind, role, place }: Who,
  permission: Permission,
  service?: string,
): Promise<Asker> {
  const userId = IDS[kind];
  const { operator, approver } = ROLES[role];
  const people = { operators: operator ? [userId] : [], approvers: approver ? [userId] : [] };
  const settings = someSettings({ settings: { people, identities: IDENTITIES } });
  for (const one of settings.services.values())
    Object.assign(one, { people, channel: 'support-ops' });
  const time = { ms: 0, isDown: false };
  const directory = createDirectory({
    client: {
      userInfo: async () => {
        const user = KINDS[kind];
        if (user === 'never_read' || time.isDown) throw new Error('Slack is down');
        return user === 'read_before' ? member : user;
      },
      groupMembers: async () => [],
    },
    settings: () => settings,
    ourTeam: () => OURS,
    monotonicMs: () => time.ms,
  });
  const person = { userId, teamId: kind === 'claiming_another_team' ? 'T0OTHER' : OURS };
  const deps = {
    directory,
    settings: () => settings,
    channelId: (name: string) => (name === 'agent-ops' ? 'C0AGENTOPS' : undefined),
  };
  const asking = { person, place: PLACES[place], inboxKey: '' };
  if (kind === 'remembered') {
    await askerOf(deps, asking, permission, service);
    Object.assign(time, { ms: 3_600_000, isDown: true });
  }
  return await askerOf(deps, asking, permission, service);
}
