import { type Arguments, flagArg, textArg } from '#sandbox/slack/web-api/arguments.ts';
import {
  type ApiAnswer,
  type ApiContext,
  type Methods,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import { page } from '#sandbox/slack/web-api/paging.ts';
import { personAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Group, Workspace } from '#sandbox/slack/workspace.ts';

export const PEOPLE: Methods = {
  'auth.test': { tier: 'special', scopes: [], token: 'bot', call: authTest },
  'users.info': { tier: 4, scopes: ['users:read'], token: 'bot', call: info },
  'users.list': { tier: 2, scopes: ['users:read'], token: 'bot', call: list },
  'users.lookupByEmail': {
    tier: 3,
    scopes: ['users:read.email'],
    token: 'bot',
    call: lookupByEmail,
  },
  'usergroups.list': { tier: 2, scopes: ['usergroups:read'], token: 'bot', call: listGroups },
  'usergroups.users.list': {
    tier: 2,
    scopes: ['usergroups:read'],
    token: 'bot',
    call: listGroupMembers,
  },
};

function authTest({ workspace, manifest }: ApiContext): ApiAnswer {
  const { team, app } = workspace;
  return {
    ok: true,
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    team_id: team.id,
    user: manifest.botName,
    user_id: app.botUserId,
    bot_id: app.botId,
    app_id: app.id,
    is_enterprise_install: false,
  };
}

function info({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const person = workspace.people.get(textArg(args, 'user') ?? '');
  return person ? { ok: true, user: personAsSlack(workspace, person) } : refuse('user_not_found');
}

function list({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const ours = [...workspace.people.values()].filter(({ teamId }) => teamId === workspace.team.id);
  const { items, ...rest } = page(ours, args);
  return { ok: true, members: items.map((one) => personAsSlack(workspace, one)), ...rest };
}

function lookupByEmail({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const email = textArg(args, 'email');
  const found = [...workspace.people.values()].find(
    ({ name }) => `${name}@${workspace.team.domain}.example` === email,
  );
  return found ? { ok: true, user: personAsSlack(workspace, found) } : refuse('users_not_found');
}

function listGroups({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  if (workspace.plan === 'free') return refuse('plan_upgrade_required');
  const withUsers = flagArg(args, 'include_users');
  const usergroups = [...workspace.groups.values()].map((group) =>
    groupAsSlack(workspace, group, withUsers),
  );
  return { ok: true, usergroups };
}

function listGroupMembers({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  if (workspace.plan === 'free') return refuse('plan_upgrade_required');
  const group = workspace.groups.get(textArg(args, 'usergroup') ?? '');
  return group ? { ok: true, users: group.members } : refuse('no_such_subteam');
}

const groupAsSlack = (
  { team }: Workspace,
  { id, handle, name, members }: Group,
  withUsers: boolean,
) => ({
  id,
  team_id: team.id,
  is_usergroup: true,
  name,
  handle,
  description: '',
  user_count: members.length,
  ...(withUsers ? { users: members } : {}),
});
