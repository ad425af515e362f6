/** Under which names the message log remembers what was posted where. */
import type { Instant } from '#domain/time.ts';

export const cardOf = (release: number) => `card:${release}`;
export const alertOf = (release: number) => `alert:${release}`;
export const requestOf = (flag: string, request: number) => `flag_request:${flag}:${request}`;
export const welcomeOf = (channel: string) => `welcome:${channel}`;
export const digestOf = (at: Instant) => `digest:${at}`;
export const reminderOf = (at: Instant) => `reviews:${at}`;
export const killNoticeOf = (name: string) => `kill:${name}`;
/** A channel by its name; Slack answers its ID when something is posted there. */
export const channelSubject = (channel: string) => `channel:${channel}`;
