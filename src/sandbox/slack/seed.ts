/** Who and what is in the workspace when it opens: the one newcomers and most tests meet. */
import type { Channel, Group, Person } from '#sandbox/slack/workspace.ts';

export type Seed = {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: { readonly id: string; readonly botUserId: string; readonly botId: string };
  /** User groups need a paid plan. */
  readonly plan: 'paid' | 'free';
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
};

const TEAM = { id: 'T0SIGNAL', name: 'Signal Box', domain: 'signal-box' };
const APP = { id: 'A0SIGNALMAN', botUserId: 'U0SIGNALMAN', botId: 'B0SIGNALMAN' };

const person = (id: string, realName: string, about: Partial<Person>): Person => ({
  id,
  teamId: TEAM.id,
  name: realName.split(' ')[0]?.toLowerCase() ?? id,
  realName,
  title: '',
  kind: 'member',
  deleted: false,
  ...about,
});

const channel = (id: string, name: string, about: Partial<Channel>): Channel => ({
  id,
  name,
  topic: '',
  kind: 'channel',
  members: [],
  archived: false,
  shared: false,
  ...about,
});

const STAFF = ['U0ANA', 'U0BO', 'U0CHIDI', 'U0SAM'];

export const NEWCOMER_SEED: Seed = {
  team: TEAM,
  app: APP,
  plan: 'paid',
  people: [
    person('U0ANA', 'Ana Ruiz', { title: 'operator' }),
    person('U0BO', 'Bo Lindqvist', { title: 'approver' }),
    person('U0CHIDI', 'Chidi Okafor', { title: 'on call, no role' }),
    person('U0SAM', 'Sam Park', { title: 'operator of support' }),
    person('U0GUEST', 'Gwen Guest', { title: 'guest', kind: 'guest', name: 'gwen' }),
    person('U0FLOW', 'Release Workflow', { title: 'workflow', kind: 'workflow_bot' }),
    person('U0STRANGER', 'Petra Partner', {
      title: 'from another company',
      kind: 'stranger',
      teamId: 'T0PARTNER',
    }),
    person(APP.botUserId, 'Signalman', { name: 'signalman', title: 'app', kind: 'bot' }),
  ],
  groups: [
    { id: 'S0OPS', handle: 'ops', name: 'Operators', members: ['U0ANA'] },
    { id: 'S0APPROVERS', handle: 'approvers', name: 'Approvers', members: ['U0BO', 'U0SAM'] },
  ],
  channels: [
    channel('C0AGENTOPS', 'agent-ops', {
      topic: 'Releases and alerts of our agents',
      members: [...STAFF, 'U0GUEST', 'U0FLOW', APP.botUserId],
    }),
    channel('C0SUPPORTOPS', 'support-ops', {
      topic: 'The support agent and those who run it',
      members: [...STAFF, APP.botUserId],
    }),
    channel('C0AUDIT', 'release-audit', {
      topic: 'The register, for reading',
      members: [...STAFF, APP.botUserId],
    }),
    channel('C0OPS', 'ops', { topic: 'Everything on call', members: [...STAFF] }),
    channel('C0PARTNERS', 'partner-ops', {
      topic: 'Shared with Partner Inc.',
      members: ['U0ANA', 'U0STRANGER', APP.botUserId],
      shared: true,
    }),
    channel('C0GENERAL', 'general', {
      topic: 'Company-wide news',
      members: [...STAFF, 'U0GUEST'],
    }),
  ],
};
