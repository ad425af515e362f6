/** Under which names the message log remembers what was posted where. */
export const cardOf = (release: number) => `card:${release}`;
export const alertOf = (release: number) => `alert:${release}`;
export const requestOf = (flag: string, request: number) => `flag_request:${flag}:${request}`;
export const killNoticeOf = (name: string) => `kill:${name}`;
