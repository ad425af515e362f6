// The whole of signalman.yml as it is written.

import type { z } from 'zod';
import { readCron } from '#adapters/settings/cron.ts';
import { readPollSchedule } from '#adapters/settings/poll-schedule.ts';
import {
  peopleSchema,
  serviceSchema,
  type WrittenService,
} from '#adapters/settings/service-schema.ts';
import { listOf, namedSections, section, single } from '#adapters/settings/shapes.ts';
import {
  alertAddress,
  channel,
  duration,
  environment,
  identity,
  mainChannel,
  text,
  wholePercent,
} from '#adapters/settings/values.ts';
import { isName, isServiceName, splitName } from '#domain/name.ts';
import { no, yes } from '#domain/result.ts';
import { DAY_MS, MINUTE_MS } from '#domain/time.ts';

const services = namedSections<WrittenService>((name) => {
  const fault = faultOfServiceName(name);
  return fault ? no(fault) : yes(serviceSchema);
});

export const fileSchema = section({
  channel: mainChannel,
  poll: single(readPollSchedule).prefault('* * * * *'),
  digest: single(readCron).optional(),
  default_environment: environment.default('production'),
  people: peopleSchema.prefault({}),
  identities: listOf(listOf(identity)).default([]),
  flags: section({ approval_above: wholePercent.default(50) }).prefault({}),
  audit: section({
    channel: channel.optional(),
    key_file: text.optional(),
    checkpoint_dir: text.optional(),
  }).prefault({}),
  alerts: section({
    fallback_channel: channel.optional(),
    webhook: alertAddress.optional(),
    unseen_after: duration.default(2 * MINUTE_MS),
  }).prefault({}),
  retention: section({
    agent_logs: duration.default(3 * DAY_MS),
    verdict_windows: duration.default(90 * DAY_MS),
  }).prefault({}),
  services: services.default(new Map()),
}).superRefine(({ services, default_environment, identities }, context) => {
  for (const { index, message } of faultsOfIdentities(identities))
    context.addIssue({ code: 'custom', message, path: ['identities', index] });
  for (const name of services.keys()) {
    const { base, environment: own } = splitName(name);
    if (own !== default_environment) continue;
    const message = `is in the default environment; write ${base} alone`;
    context.addIssue({ code: 'custom', message, path: ['services', name] });
  }
});
export type WrittenFile = z.output<typeof fileSchema>;

function faultsOfIdentities(identities: readonly (readonly string[])[]) {
  return identities.flatMap((names, index) => {
    const own = names.map((name) => name.toLowerCase());
    if (new Set(own).size < 2)
      return [{ index, message: 'needs two names at least, all of one person' }];
    const earlier = identities.slice(0, index).flat();
    const twice = earlier.find((name) => own.includes(name.toLowerCase()));
    if (twice === undefined) return [];
    return [{ index, message: `names ${twice} a second time; keep one list for each person` }];
  });
}

function faultOfServiceName(name: string): string | undefined {
  if (isServiceName(name)) return undefined;
  return isName(name)
    ? 'is a name that belongs to the kill switches; choose another'
    : 'is no service name; use small letters, digits and . _ -, as in support-agent or support-agent/staging';
}
