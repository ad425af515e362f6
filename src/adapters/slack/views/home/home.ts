/** The Home tab of one person: what is going on, what waits for them, and where to begin. */
import type { AnyBlock, HomeView } from '@slack/types';
import { ACTIONS, VIEWS } from '#adapters/slack/action-ids.ts';
import type { RegisterEntry } from '#adapters/slack/register-entry.ts';
import { actions, plain, said, small } from '#adapters/slack/views/blocks.ts';
import { button } from '#adapters/slack/views/buttons.ts';
import { entryLine } from '#adapters/slack/views/entry-words.ts';
import { ENTRY_FILTERS, type EntryFilter } from '#adapters/slack/views/home/entry-filter.ts';
import { type Waiting, waitingRows } from '#adapters/slack/views/home/waiting.ts';
import { inProgress } from '#adapters/slack/views/in-progress.ts';
import { switchOffButton } from '#adapters/slack/views/kill-buttons.ts';
import { reviewRows } from '#adapters/slack/views/review.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Standing } from '#domain/actor.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import type { Release } from '#domain/release.ts';
import type { Reviews } from '#domain/review.ts';

export type HomeState = {
  readonly isOperator: boolean;
  readonly isApprover: boolean;
  readonly waiting: readonly Waiting[];
  /** Emergencies that this person may review, and how many wait for somebody else; absent for who may none. */
  readonly reviews?: { readonly mine: Reviews; readonly others: number };
  /** In progress, or completed and still watched. */
  readonly releases: readonly Release[];
  readonly switchesOn: readonly KillSwitch[];
  readonly entries: readonly RegisterEntry[];
  readonly filter: EntryFilter;
};

export function homeOf(state: HomeState): HomeView {
  return home(
    [
      ...actions([START, KILL, SEARCH]),
      ...(state.isApprover ? section('Waiting for you', waitingRows(state.waiting)) : []),
      ...(state.reviews ? section('Waiting for review', reviewSection(state.reviews)) : []),
      ...section('In progress', inProgress(state.releases)),
      ...section('Kill switches that are on', switchRows(state)),
      ...section('Latest in the register', [filterMenu(state.filter), ...entryRows(state)]),
    ],
    state.filter,
  );
}

type NotFull = Exclude<Standing['membership'], 'full'>;

/** Who may not act is shown nothing to act on; whoever could not be looked up may try again. */
export const homeRefused = (membership: NotFull): HomeView =>
  home(
    membership === 'unknown'
      ? [
          said(
            '*Slack could not say just now who you are.* Please open this tab again in a moment.',
          ),
          said('Stopping something works all the same.'),
          ...actions([KILL]),
        ]
      : [said('*This tab is for full members of this workspace.*', INSTEAD[membership])],
  );

/** Without the database there is nothing to show, and kills work all the same. */
export const homeInOutage = (why: string): HomeView =>
  home([said('*There is nothing to show here just now.*', why), ...actions([KILL])]);

const INSTEAD: Readonly<Record<Exclude<NotFull, 'unknown'>, string>> = {
  guest: 'Guests may look but not act: `/rollout status` says how every service stands.',
  bot: 'Bots and workflows may not act here; a program uses a token of its own.',
  stranger: 'You belong to another workspace. Please ask somebody of this one.',
};

const home = (blocks: readonly AnyBlock[], filter?: EntryFilter): HomeView => ({
  type: 'home',
  callback_id: VIEWS.home,
  blocks: [...blocks],
  ...(filter && { private_metadata: filter }),
});

const section = (title: string, blocks: readonly AnyBlock[]): readonly AnyBlock[] => [
  { type: 'header', text: plain(title) },
  ...blocks,
];

const START = button({
  label: 'Start a release',
  action: ACTIONS.openStart,
  about: 'Start a release',
  value: 'home',
  style: 'primary',
});
const KILL = button({
  label: 'Kill switch',
  action: ACTIONS.openKill,
  about: 'Switch on a kill switch',
  value: 'home',
  style: 'danger',
});
const SEARCH = button({
  label: 'Search the register',
  action: ACTIONS.openSearch,
  about: 'Search the register',
  value: 'home',
});

function reviewSection({ mine, others }: NonNullable<HomeState['reviews']>): readonly AnyBlock[] {
  if (mine.length + others === 0) return [small('No emergency waits for a review.')];
  const more = mine.length > 0 ? ' more' : '';
  const own = others === 1 ? `One${more} waits` : `${others}${more} wait`;
  return [
    ...reviewRows(mine),
    ...(others > 0 ? [small(`${own} for somebody else, since you did it yourself.`)] : []),
  ];
}

const SWITCHES_MAX = 10;

function switchRows({ switchesOn, isOperator }: HomeState): readonly AnyBlock[] {
  if (switchesOn.length === 0) return [small('None. Nothing is being stopped.')];
  const more = switchesOn.length - SWITCHES_MAX;
  return [
    ...switchesOn.slice(0, SWITCHES_MAX).map((one) => ({
      ...said(switchWords(one)),
      ...(isOperator && { accessory: switchOffButton(one.name, 'from the Home tab') }),
    })),
    ...(more > 0 ? [small(`… and ${more} more; \`/killswitch list\` has all.`)] : []),
  ];
}

function switchWords({ name, reason, changedBy, changedAt }: KillSwitch): string {
  const who = changedBy ? ` by ${actorWords(changedBy)}` : '';
  const when = changedAt === undefined ? '' : `, ${whenWords(changedAt)}`;
  const stops = isGlobalSwitch(name) ? ' It stops every agent of every service.' : '';
  return `🛑 *\`${fromPerson(name)}\` is on*${who}${when}.${stops}\n${fromPerson(reason)}`;
}

const option = (filter: EntryFilter) => ({ text: plain(ENTRY_FILTERS[filter]), value: filter });
const FILTERS = Object.keys(ENTRY_FILTERS) as readonly EntryFilter[];

const filterMenu = (filter: EntryFilter): AnyBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'static_select',
      action_id: ACTIONS.homeFilter,
      placeholder: plain('Show …'),
      options: FILTERS.map(option),
      initial_option: option(filter),
    },
  ],
});

const entryRows = ({ entries }: HomeState): readonly AnyBlock[] =>
  entries.length > 0
    ? entries.map((entry) => small(entryLine(entry)))
    : [small('Nothing of that kind lately. *Search the register* looks further back.')];
