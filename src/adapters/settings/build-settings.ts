// From what is written to Settings: what holds for the whole file goes down into each service.

import type { WrittenFile } from '#adapters/settings/file-schema.ts';
import { ladderOf } from '#adapters/settings/ladder.ts';
import type { WrittenService } from '#adapters/settings/service-schema.ts';
import type { CustomGuard, Guard } from '#domain/guard.ts';
import { isGlobalSwitch, splitName } from '#domain/name.ts';
import type { Plan } from '#domain/plan.ts';
import type { People, ServiceSettings, Settings } from '#domain/settings.ts';

export function buildSettings(file: WrittenFile): Settings {
  const { audit, alerts, retention, poll } = file;
  return {
    channel: file.channel,
    poll: poll.expression,
    pollMs: poll.pollMs,
    ...(file.digest && { digest: file.digest }),
    defaultEnvironment: file.default_environment,
    people: file.people,
    identities: file.identities,
    flags: { approvalAbovePercent: file.flags.approval_above },
    audit: {
      ...(audit.channel && { channel: audit.channel }),
      ...(audit.key_file && { keyFile: audit.key_file }),
      ...(audit.checkpoint_dir && { checkpointDir: audit.checkpoint_dir }),
    },
    alerts: {
      ...(alerts.fallback_channel && { fallbackChannel: alerts.fallback_channel }),
      ...(alerts.webhook && { webhook: alerts.webhook }),
      unseenAfterMs: alerts.unseen_after,
    },
    retention: {
      agentLogsMs: retention.agent_logs,
      verdictWindowsMs: retention.verdict_windows,
    },
    services: new Map(
      [...file.services].map(([name, service]) => [name, buildService(file, name, service)]),
    ),
  };
}

function buildService(file: WrittenFile, name: string, service: WrittenService): ServiceSettings {
  return {
    name,
    ...(service.stable && { stable: service.stable }),
    channel: service.channel ?? file.channel,
    people: together(file.people, service.people),
    links: Object.fromEntries(service.links),
    ...(service.contact && { contact: service.contact }),
    plan: buildPlan(service, file.poll.pollMs, (kill) =>
      usualSwitch(kill, splitName(name).environment, file.default_environment),
    ),
  };
}

const together = (all: People, own: People): People => ({
  operators: [...new Set([...all.operators, ...own.operators])],
  approvers: [...new Set([...all.approvers, ...own.approvers])],
});

/** A rollback in staging stops what staging does; each switch has one name, whoever throws it. */
function usualSwitch(name: string, ofService: string | undefined, usual: string): string {
  const { base, environment = ofService } = splitName(name);
  const isPlain = environment === undefined || (environment === usual && !isGlobalSwitch(name));
  return isPlain ? base : `${base}/${environment}`;
}

function buildPlan(
  service: WrittenService,
  pollMs: number,
  switchNamed: (name: string) => string,
): Plan {
  const guards: Guard[] = [];
  const customGuards: CustomGuard[] = [];
  for (const written of service.guards.values())
    if (written.kind === 'known') guards.push(written.guard);
    else customGuards.push(written.guard);
  return {
    strategy: service.strategy,
    steps: ladderOf(service),
    testers: service.testers,
    unattendedFull: service.unattended_full,
    metrics: service.metrics,
    guards,
    customGuards,
    ...(service.risk_budget !== undefined && { riskBudget: service.risk_budget }),
    onThinEvidence: service.on_thin_evidence,
    rollback: { ...service.rollback, kill: service.rollback.kill.map(switchNamed) },
    maxHoldMs: service.max_hold,
    holdbackPercent: service.holdback,
    watchMs: service.watch,
    pollMs,
    bucketing: 1,
  };
}
