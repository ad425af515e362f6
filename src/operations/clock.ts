import type { Instant } from '#domain/time.ts';

/** The wall clock. An operation reads it once, so that one decision has one time. */
export type Clock = () => Instant;
