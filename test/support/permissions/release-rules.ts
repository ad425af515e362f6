/**
 * Who may do what to a release, and what is possible in which state: written down here a second
 * time, and knowing nothing of the code.
 */
import type { Kind, PlaceName, Role } from '#test/support/askers.ts';
import { KINDS, PLACES, ROLES } from '#test/support/askers.ts';

/** What each command takes. Whatever lets more through takes a role, read just now, and a place. */
export const TAKES = {
  start: 'operator',
  promote: 'operator',
  resume: 'operator',
  unlock: 'operator',
  approve: 'approver',
  decline: 'member',
  pause: 'member',
  rollback: 'member',
  abort: 'member',
  acknowledge: 'member',
} as const;
export type Command = keyof typeof TAKES;
/** Ending a recovery that nothing can show is the one `abort` that lets more through. */
const takes = (command: Command, state: State) =>
  command === 'abort' && state === 'recovering' ? 'operator' : TAKES[command];

const OUTSIDERS: readonly Kind[] = [
  'guest',
  'bot_or_workflow',
  'deactivated',
  'of_another_company',
  'of_another_team_of_the_grid',
  'claiming_another_team',
];
const NOT_READ_JUST_NOW: readonly Kind[] = ['unreadable', 'remembered'];
/** Everybody who had a part in the release may not be its second person. */
const HAD_A_PART: readonly Kind[] = [
  'requester',
  'requesters_second_id',
  'presser_of_promote',
  'author',
  'author_by_address',
];
export const ASKED_FOR_IT: readonly Kind[] = ['requester', 'requesters_second_id'];
const WHERE_PEOPLE_SEE_IT: readonly PlaceName[] = [
  'service_channel',
  'main_channel_by_id',
  'in_private',
];

/** What is possible in which state, for somebody who may. A dash: the state has no such move. */
export const STATES = {
  none: 'start done, rollback no_former_stable, unlock not_locked',
  locked: 'start version_locked, rollback no_former_stable, unlock done',
  proposed: 'approve done, decline done, abort done, rollback no_former_stable',
  asked:
    'approve done, decline done, promote already_asked, pause done, rollback done, acknowledge nothing_to_acknowledge',
  serving:
    'approve already_decided, decline nothing_asked, promote done, pause done, rollback done, acknowledge nothing_to_acknowledge',
  paused: 'resume done, rollback done, acknowledge nothing_to_acknowledge',
  rolling_back: 'acknowledge done, unlock done',
  recovering: 'rollback wrong_phase, abort done, acknowledge done, unlock done',
  completed: 'start done, rollback done, acknowledge nothing_to_acknowledge',
} as const;
export type State = keyof typeof STATES;
const WITHOUT_RELEASE: readonly State[] = ['none', 'locked'];

const AGES = ['typed', 'drawn_now', 'of_another_plan', 'of_another_release'] as const;
export type Age = (typeof AGES)[number];

export type Cell = { readonly kind: Kind; readonly role: Role; readonly place: PlaceName };

export function whoForbids(
  { kind, role, place }: Cell,
  needed: 'operator' | 'approver' | 'reviewer' | 'member',
) {
  if (OUTSIDERS.includes(kind)) return 'not_a_member';
  if (needed === 'member') return undefined;
  if (NOT_READ_JUST_NOW.includes(kind)) return 'roles_unreadable';
  const { operator, approver } = ROLES[role];
  if (!{ operator, approver, reviewer: role !== 'no_role' }[needed]) return 'role_needed';
  return WHERE_PEOPLE_SEE_IT.includes(place) ? undefined : 'wrong_place';
}

export function expectedOf(cell: Cell, command: Command, state: State, age: Age): string {
  const moves = new Map(
    STATES[state].split(', ').map((move) => move.split(' ') as [string, string]),
  );
  const move = moves.get(command);
  const isOfService = command === 'start' || command === 'unlock';
  // A proposal never had traffic, so there is nothing to take back, and its card has no such button.
  const namesRelease = age === 'drawn_now' || age === 'of_another_plan';
  if (command === 'rollback' && state === 'proposed' && namesRelease) return 'wrong_phase';
  if (move === 'no_former_stable') return move;
  if (!isOfService && WITHOUT_RELEASE.includes(state))
    return age === 'typed' ? 'no_release' : 'plan_changed';
  if (!isOfService && age === 'of_another_release') return 'plan_changed';
  if (!move && !isOfService) return 'wrong_phase';
  const forbidden = whoForbids(cell, takes(command, state));
  if (forbidden) return forbidden;
  if (!move) return command === 'start' ? 'release_in_progress' : 'not_locked';
  if (command !== 'approve' || move !== 'done') return move;
  if (age === 'of_another_plan') return 'plan_changed';
  return HAD_A_PART.includes(cell.kind) ? 'needs_second_person' : 'done';
}

export const keysOf = <Key extends string>(of: Readonly<Record<Key, unknown>>) =>
  Object.keys(of) as Key[];
/** Whoever is not one of us may hold every role in the file or none; it makes no difference. */
const rolesOf = (kind: Kind): readonly Role[] =>
  OUTSIDERS.includes(kind) ? ['no_role', 'both_roles'] : keysOf(ROLES);
export const CELLS: readonly Cell[] = keysOf(KINDS).flatMap((kind) =>
  rolesOf(kind).flatMap((role) => keysOf(PLACES).map((place) => ({ kind, role, place }))),
);

/** A command is typed without a release; the yes and the acknowledgement are buttons only. */
export const agesOf = (command: Command): readonly Age[] => {
  if (command === 'start' || command === 'unlock') return ['typed'];
  const isButton = command === 'approve' || command === 'acknowledge';
  return isButton ? AGES.filter((age) => age !== 'typed') : AGES;
};
