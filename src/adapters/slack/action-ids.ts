/** Every button and menu that the bot draws. A test holds this list against what is registered. */
export const ACTIONS = {
  approve: 'release.approve',
  approveUpTo: 'release.approve_up_to',
  decline: 'release.decline',
  promote: 'release.promote',
  pause: 'release.pause',
  resume: 'release.resume',
  rollback: 'release.rollback',
  abort: 'release.abort',
  acknowledge: 'release.acknowledge',
  unlock: 'release.unlock',
  review: 'emergency.review',
  flagApprove: 'flag.approve',
  flagDecline: 'flag.decline',
  killOff: 'kill.off',
  killConfirm: 'kill.confirm',
  openStart: 'open.start',
  openKill: 'open.kill',
  openSearch: 'open.search',
  searchAgain: 'search.again',
  searchNewer: 'search.newer',
  searchOlder: 'search.older',
  homeFilter: 'home.filter',
  formChanged: 'form.changed',
} as const;
export type ActionId = (typeof ACTIONS)[keyof typeof ACTIONS];

/** Every modal, by its callback. */
export const VIEWS = {
  start: 'view.start',
  kill: 'view.kill',
  decline: 'view.decline',
  unlock: 'view.unlock',
  review: 'view.review',
  rollbackReason: 'view.rollback_reason',
  search: 'view.search',
  found: 'view.found',
  home: 'view.home',
} as const;

/** Every shortcut that the manifest offers, by its callback. */
export const SHORTCUTS = {
  start: 'shortcut.start',
  kill: 'shortcut.kill',
  rollbackReason: 'shortcut.rollback_reason',
} as const;
