import type { Identities } from '#domain/identity.ts';
import { itemAt } from '#domain/item-at.ts';
import type { Plan, Step, Strategy } from '#domain/plan.ts';

/** Slack user IDs (U…) and user-group IDs (S…). */
export type People = {
  readonly operators: readonly string[];
  readonly approvers: readonly string[];
};

/** What `signalman.yml` says about one service. */
export type ServiceSettings = {
  readonly name: string;
  /** The first stable version; once releases have completed, the database knows better. */
  readonly stable?: string;
  readonly channel: string;
  /** Those of the whole file and those of this service together. */
  readonly people: People;
  readonly links: { readonly [name: string]: string };
  readonly contact?: string;
  /** The plan of a release by the service's own strategy. */
  readonly plan: Plan;
};

/** What `signalman.yml` says, with every default filled in. */
export type Settings = {
  readonly channel: string;
  /** A node-cron expression, read in UTC. */
  readonly poll: string;
  readonly pollMs: number;
  /** When the channel is told what is in flight: a node-cron expression, read in UTC. */
  readonly digest?: string;
  readonly defaultEnvironment: string;
  readonly people: People;
  /** People who are known by more than one name. */
  readonly identities: Identities;
  readonly flags: { readonly approvalAbovePercent: number };
  readonly audit: {
    readonly channel?: string;
    readonly keyFile?: string;
    readonly checkpointDir?: string;
  };
  readonly alerts: {
    readonly fallbackChannel?: string;
    readonly webhook?: string;
    readonly unseenAfterMs: number;
  };
  readonly retention: { readonly agentLogsMs: number; readonly verdictWindowsMs: number };
  readonly services: ReadonlyMap<string, ServiceSettings>;
};

/**
 * The plan of a release by another strategy than the service's own. Blue-green has no shared
 * traffic: testers first, then everybody.
 */
export function planFor({ plan }: ServiceSettings, strategy: Strategy = plan.strategy): Plan {
  if (strategy === plan.strategy) return plan;
  return { ...plan, strategy, steps: strategy === 'blue-green' ? blueGreen(plan) : canary(plan) };
}

function blueGreen({ steps }: Plan): readonly Step[] {
  const { dwellMs } = itemAt(steps, steps.length - 1);
  const approval = steps.some((step) => step.approval);
  return [
    { weightPercent: 0, dwellMs, approval },
    { weightPercent: 100, dwellMs, approval },
  ];
}

/** The ladder of the field's usual advice, for a service that is normally released at once. */
const USUAL_LADDER = [1, 5, 10, 25, 50, 100];

function canary({ steps }: Plan): readonly Step[] {
  const { dwellMs } = itemAt(steps, 0);
  const approval = steps.some((step) => step.approval);
  return USUAL_LADDER.map((weightPercent) => ({ weightPercent, dwellMs, approval }));
}
