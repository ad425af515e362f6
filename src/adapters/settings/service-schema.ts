// One service as it is written, with what does not fit together in it.

import type { z } from 'zod';
import { guardsSchema } from '#adapters/settings/guards-schema.ts';
import type { WrittenStep } from '#adapters/settings/ladder.ts';
import { metricsSchema } from '#adapters/settings/metrics-schema.ts';
import { faultsOfService } from '#adapters/settings/service-faults.ts';
import { either, listOf, namedSections, oneOf, section } from '#adapters/settings/shapes.ts';
import {
  channel,
  duration,
  fraction,
  person,
  switchName,
  text,
  truth,
  version,
  webAddress,
  wholePercent,
} from '#adapters/settings/values.ts';
import { type RollbackRules, STRATEGIES } from '#domain/plan.ts';
import { yes } from '#domain/result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/time.ts';

export const peopleSchema = section({
  operators: listOf(person).default([]),
  approvers: listOf(person).default([]),
});

/** A rung as its weight alone, or with what differs from the other rungs. */
const step = either((value) =>
  typeof value === 'string'
    ? wholePercent.transform((weight): WrittenStep => ({ weight }))
    : section({
        weight: wholePercent,
        dwell: duration.optional(),
        approval: truth.optional(),
      }),
);
const approval = either<boolean | readonly number[]>((value) =>
  typeof value === 'string' ? truth : listOf(wholePercent),
);

const rollback = section({
  mode: oneOf(['auto', 'ask']).default('auto'),
  ask_timeout: duration.default(10 * MINUTE_MS),
  lock_candidate: truth.default(true),
  stability_window: duration.default(30 * MINUTE_MS),
  no_data: oneOf(['hold', 'roll_back']).default('hold'),
  kill: listOf(switchName).default([]),
}).transform(
  (written): RollbackRules => ({
    mode: written.mode,
    askTimeoutMs: written.ask_timeout,
    lockCandidate: written.lock_candidate,
    stabilityWindowMs: written.stability_window,
    ...(written.no_data === 'roll_back' && { noData: 'roll_back' }),
    kill: written.kill,
  }),
);

export const serviceSchema = section({
  stable: version.optional(),
  strategy: oneOf(STRATEGIES).default('canary'),
  steps: listOf(step).optional(),
  dwell: duration.default(24 * HOUR_MS),
  approval: approval.default(true),
  unattended_full: truth.default(false),
  testers: listOf(text).default([]),
  risk_budget: fraction.optional(),
  on_thin_evidence: oneOf(['ask', 'hold']).default('ask'),
  metrics: metricsSchema.default({ source: 'agent-logs' }),
  guards: guardsSchema.default(new Map()),
  rollback: rollback.prefault({}),
  max_hold: duration.default(3 * DAY_MS),
  holdback: wholePercent.default(0),
  watch: duration.default(2 * DAY_MS),
  channel: channel.optional(),
  people: peopleSchema.prefault({}),
  links: namedSections(() => yes(webAddress)).default(new Map()),
  contact: text.optional(),
}).superRefine((service, context) => {
  for (const { key, message } of faultsOfService(service))
    context.addIssue({ code: 'custom', message, path: [...key] });
});
export type WrittenService = z.output<typeof serviceSchema>;
