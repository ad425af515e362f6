import { createGroups } from '#adapters/slack/inbound/groups.ts';
import { membershipOf, type SlackUser } from '#adapters/slack/inbound/membership.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import type { Standing } from '#domain/actor.ts';
import type { People, Settings } from '#domain/settings.ts';

/** What the directory asks of Slack. Both throw for an outage or a refusal of Slack's. */
export type DirectoryClient = {
  readonly userInfo: (userId: string) => Promise<SlackUser>;
  readonly groupMembers: (groupId: string) => Promise<readonly string[]>;
};

export type DirectoryDeps = {
  readonly client: DirectoryClient;
  readonly settings: () => Settings;
  /** Our own workspace, once Slack has said which it is. */
  readonly ourTeam: () => string | undefined;
  readonly monotonicMs: () => number;
};

export type LookUp = {
  /** Roles are read anew: needed for whatever lets more through. */
  readonly fresh: boolean;
  readonly withinMs: number;
  /** Whose people count: a service's, or without one those of the whole file. */
  readonly service?: string;
};

export type Looked = Standing & { readonly name?: string };

export type Directory = {
  readonly lookUp: (userId: string, teamId: string, how: LookUp) => Promise<Looked>;
  /** Who may be told of a service when no channel takes it; with its groups as last known. */
  readonly operatorsOf: (service?: string) => Promise<readonly string[]>;
};

/** Rows kept of people seen; the one not seen for longest makes room. */
const PEOPLE_MAX = 5_000;
const KEPT_MS = 60_000;
const GROUPS_MS_MAX = 2_000;

type Known = {
  readonly membership: Standing['membership'];
  readonly name?: string;
  readonly atMs: number;
};

/**
 * Who is this? Slack being slow or down never throws here: the last known answer is given, or
 * `unknown`, and `fresh: false` says so. That is enough to stop something and no more.
 */
export function createDirectory(deps: DirectoryDeps): Directory {
  const { client, settings, ourTeam, monotonicMs } = deps;
  const people = new Map<string, Known>();
  const groups = createGroups({ members: client.groupMembers, monotonicMs });

  const readPerson = async (userId: string, teamId: string): Promise<Known> => {
    const user = await client.userInfo(userId);
    const known: Known = {
      membership: membershipOf(user, { claimedTeam: teamId, ourTeam: ourTeam() }),
      atMs: monotonicMs(),
      ...(user.name !== undefined && { name: user.name }),
    };
    people.delete(userId);
    people.set(userId, known);
    const [oldest] = people.keys();
    if (people.size > PEOPLE_MAX && oldest !== undefined) people.delete(oldest);
    return known;
  };

  const findPerson = async (userId: string, teamId: string, { fresh, withinMs }: LookUp) => {
    const known = people.get(userId);
    if (known && !fresh && monotonicMs() - known.atMs < KEPT_MS)
      return { person: known, read: true };
    const read = await within(withinMs, readPerson(userId, teamId));
    return { person: read ?? people.get(userId), read: read !== undefined };
  };

  return {
    lookUp: async (userId, teamId, how) => {
      const own = ourTeam();
      if (own !== undefined && teamId !== own) return stranger;
      const { operators, approvers } = peopleOf(settings(), how.service);
      const [{ person, read }, operator, approver] = await Promise.all([
        findPerson(userId, teamId, how),
        groups.holds(operators, userId, how),
        groups.holds(approvers, userId, how),
      ]);
      return {
        membership: person?.membership ?? 'unknown',
        operator: operator.yes,
        approver: approver.yes,
        fresh: read && operator.fresh && approver.fresh,
        ...(person?.name !== undefined && { name: person.name }),
      };
    },
    operatorsOf: (service) =>
      groups.everybody(peopleOf(settings(), service).operators, {
        fresh: false,
        withinMs: GROUPS_MS_MAX,
      }),
  };
}

const stranger: Looked = {
  membership: 'stranger',
  operator: false,
  approver: false,
  fresh: true,
};

function peopleOf(settings: Settings, service: string | undefined): People {
  const own = service === undefined ? undefined : settings.services.get(service)?.people;
  return own ?? settings.people;
}
