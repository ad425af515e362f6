/** Where an effect waits: for what, behind what, before what, and for whom. */
import type { ChannelNotice, Effect } from '#domain/effect.ts';
import type { Share } from '#store/port.ts';

/** Of what it brings up to date one is owed at most; what is told has none. */
export const subjectOf = (effect: Effect): string | null =>
  'sync' in effect ? subjectOfSync(effect) : null;

function subjectOfSync(effect: Extract<Effect, { readonly sync: string }>): string {
  switch (effect.sync) {
    case 'traffic':
      return `traffic:${effect.service}`;
    case 'card':
      return `card:${effect.release}`;
    case 'escalation':
      return `escalation:${effect.release}`;
    case 'flag_request':
      return `flag_request:${effect.flag}:${effect.request}`;
    case 'welcome':
      return `welcome:${effect.channel}`;
    case 'digest':
      return `digest:${effect.at}`;
    case 'reviews':
      return `reviews:${effect.at}`;
  }
}

/** What has to happen in order shares a lane; what may not wait for another has its own. */
export function laneOf(effect: Effect): string {
  if ('sync' in effect) return subjectOfSync(effect);
  if ('throw' in effect) return `kill:${effect.name}`;
  switch (effect.tell) {
    case 'thread':
      return `thread:${effect.release}`;
    case 'alert':
      return `alert:${effect.release}`;
    case 'channel':
      return laneOfNotice(effect);
    case 'answer':
      return `answer:${effect.to}`;
    case 'checkpoint':
      return 'checkpoint';
  }
}

/** The notice of a kill waits for nothing but an earlier one of the same switch. */
function laneOfNotice({ notice, service = '' }: Extract<Effect, { tell: 'channel' }>): string {
  return isOfKill(notice) ? `kill_notice:${notice.name}` : `channel:${service}`;
}

/** What stops something, and what tells of it, waits behind nothing. */
const isOfKill = (notice: ChannelNotice) => notice.what === 'kill_on' || notice.what === 'kill_off';

const PRIORITY_OF_SYNC = {
  traffic: 0,
  escalation: 1,
  card: 3,
  flag_request: 3,
  welcome: 3,
  digest: 3,
  reviews: 3,
} as const;

/** Stops and what people must hear of them go first; progress comes last. */
export function priorityOf(effect: Effect): number {
  if ('throw' in effect) return 0;
  if ('sync' in effect) return PRIORITY_OF_SYNC[effect.sync];
  if (effect.tell === 'alert') return 1;
  if (effect.tell === 'thread' || effect.tell === 'checkpoint') return 4;
  if (effect.tell === 'answer') return 2;
  // A hundred agents that start at once with a new version must not keep cards from appearing.
  if (effect.notice.what === 'version_heard') return 4;
  return isOfKill(effect.notice) ? 0 : 2;
}

/** One of them may hang as long as it likes: the others have a share of their own. */
export function shareOf(effect: Effect): Share {
  if ('throw' in effect) return 'here';
  return 'sync' in effect ? SHARE_OF_SYNC[effect.sync] : 'slack';
}

const SHARE_OF_SYNC = {
  traffic: 'here',
  escalation: 'pages',
  card: 'slack',
  flag_request: 'slack',
  welcome: 'slack',
  digest: 'slack',
  reviews: 'slack',
} as const;
