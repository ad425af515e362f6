/** Why the database cannot serve just now. It is thrown, and worded in one place for people. */
export type Outage = Error & { readonly code: 'DATABASE_UNOPENED' | 'NO_ROOM' };

export const outage = (code: Outage['code'], message: string): Outage =>
  Object.assign(new Error(message), { code });
