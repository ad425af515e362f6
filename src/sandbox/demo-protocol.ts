/**
 * The demo service, seen in the strip beside the chat:
 *
 *   GET  /sandbox/demo              DemoState
 *   GET  /sandbox/demo/events       server-sent events of type `demo`, each data a whole DemoState,
 *                                   about once a second and at once after each change of settings
 *   POST /sandbox/demo              DemoSettings → DemoState
 *   POST /sandbox/demo/bot          BotAct → DemoState
 */

export type FaultLevel = 'none' | 'doubled' | 'severe';

export type DemoFaults = {
  /** These three hit the candidate only. */
  readonly errors: FaultLevel;
  readonly latency: FaultLevel;
  readonly toolFailures: FaultLevel;
  /** Something both arms suffer from, such as a model provider's outage. */
  readonly incident: boolean;
  /** Slack answers the bot's calls with 503. */
  readonly slackDown: boolean;
};

/** Rates and times are of the last minute or so; null while nothing was measured. */
export type DemoArm = {
  readonly version: string;
  readonly sharePercent: number;
  readonly requests: number;
  readonly errors: number;
  readonly errorPercent: number | null;
  readonly p95Ms: number | null;
  readonly toolFailurePercent: number | null;
};

export type DemoPoint = {
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly candidateSharePercent: number;
  readonly stableErrorPercent: number | null;
  readonly candidateErrorPercent: number | null;
};

/** What one user's agent was told when it asked last. */
export type DemoAnswer = {
  readonly key: string;
  readonly version: string;
  readonly arm: 'stable' | 'candidate';
  readonly isTester: boolean;
  readonly killed: boolean;
};

export type DemoState = {
  readonly running: boolean;
  readonly service: string;
  readonly requestsPerSecond: number;
  readonly arms: { readonly stable: DemoArm; readonly candidate?: DemoArm };
  /** Oldest first, at most a few minutes. */
  readonly history: readonly DemoPoint[];
  readonly faults: DemoFaults;
  readonly bot: { readonly running: boolean; readonly pid?: number; readonly restarts: number };
  readonly ofrep: { readonly reachable: boolean; readonly answers: readonly DemoAnswer[] };
  /** Names of the kill switches that are on. */
  readonly kills: readonly string[];
};

/** Only what is to change. */
export type DemoSettings = {
  readonly running?: boolean;
  readonly requestsPerSecond?: number;
  readonly faults?: Partial<DemoFaults>;
};

/** `kill` is SIGKILL: no clean stop, as when a machine dies. */
export type BotAct = { readonly bot: 'kill' | 'start' };
