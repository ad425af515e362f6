// What settings say, key by key, as it would be written in signalman.yml.

import { GUARD_LIMITS } from '#domain/guard.ts';
import type { Plan, Step } from '#domain/plan.ts';
import type { People, ServiceSettings, Settings } from '#domain/settings.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

/** A secret can change, but it is never shown. */
export type Said = { readonly text: string; readonly isSecret?: boolean };
export type Lines = ReadonlyMap<string, Said>;
type Value = string | number | boolean | readonly (string | number)[] | undefined;

export function linesOfFile(settings: Settings): Lines {
  const { flags, audit, alerts, retention, people } = settings;
  const lines = asLines({
    channel: settings.channel,
    poll: settings.poll,
    digest: settings.digest,
    default_environment: settings.defaultEnvironment,
    ...peopleLines(people),
    identities: settings.identities.map((names) => names.join(' = ')),
    'flags.approval_above': flags.approvalAbovePercent,
    'audit.channel': audit.channel,
    'audit.key_file': audit.keyFile,
    'audit.checkpoint_dir': audit.checkpointDir,
    'alerts.fallback_channel': alerts.fallbackChannel,
    'alerts.unseen_after': asDuration(alerts.unseenAfterMs),
    'retention.agent_logs': asDuration(retention.agentLogsMs),
    'retention.verdict_windows': asDuration(retention.verdictWindowsMs),
  });
  // Whoever has the address of a webhook can post to it.
  return alerts.webhook
    ? new Map([...lines, ['alerts.webhook', { text: alerts.webhook, isSecret: true }]])
    : lines;
}

/** Only what the service says itself, so that an edit at the top of the file is told once. */
export function linesOfService(file: Settings, service: ServiceSettings): Lines {
  const { channel, people, links, contact, stable, plan } = service;
  const own = asLines({
    stable,
    channel: channel === file.channel ? undefined : channel,
    ...peopleLines({
      operators: people.operators.filter((id) => !file.people.operators.includes(id)),
      approvers: people.approvers.filter((id) => !file.people.approvers.includes(id)),
    }),
    ...under('links', links),
    contact,
  });
  return new Map([...own, ...linesOfPlan(plan)]);
}

const peopleLines = ({ operators, approvers }: People) => ({
  'people.operators': operators,
  'people.approvers': approvers,
});

function linesOfPlan(plan: Plan): Lines {
  const { rollback } = plan;
  const lines = asLines({
    strategy: plan.strategy,
    steps: plan.steps.map(asStep).join(', '),
    unattended_full: plan.unattendedFull,
    testers: plan.testers,
    risk_budget: plan.riskBudget,
    on_thin_evidence: plan.onThinEvidence,
    ...under('guards', guardLines(plan)),
    'rollback.mode': rollback.mode,
    'rollback.ask_timeout': asDuration(rollback.askTimeoutMs),
    'rollback.lock_candidate': rollback.lockCandidate,
    'rollback.stability_window': asDuration(rollback.stabilityWindowMs),
    'rollback.no_data': rollback.noData ?? 'hold',
    'rollback.kill': rollback.kill,
    max_hold: asDuration(plan.maxHoldMs),
    holdback: plan.holdbackPercent,
    watch: asDuration(plan.watchMs),
  });
  return new Map([...lines, ...metricsLines(plan)]);
}

function metricsLines({ metrics }: Plan): Lines {
  if (metrics.source === 'agent-logs') return asLines({ 'metrics.source': metrics.source });
  const lines = asLines({
    'metrics.source': metrics.source,
    'metrics.scrape_interval': asDuration(metrics.scrapeIntervalMs),
    ...under('metrics.queries', metrics.queries),
  });
  // The address may hold a password.
  return new Map([
    ...lines,
    ['metrics.url', { text: metrics.url, isSecret: /@/.test(metrics.url) }],
  ]);
}

function guardLines({ guards, customGuards }: Plan): Readonly<Record<string, Value>> {
  const known = guards.map(({ name, limit, versusStable, weight, critical }) => [
    [`${name}.${GUARD_LIMITS[name]}`, limit],
    [`${name}.versus_stable`, versusStable && (versusStable.margin || true)],
    [`${name}.weight`, weight],
    [`${name}.critical`, critical],
  ]);
  const custom = customGuards.map(({ name, query, max, forMs }) => [
    [`${name}.query`, query],
    [`${name}.max`, max],
    [`${name}.for`, asDuration(forMs)],
  ]);
  return Object.fromEntries([...known, ...custom].flat());
}

const asStep = ({ weightPercent, dwellMs, approval }: Step) =>
  `${weightPercent} % for ${asDuration(dwellMs)}${approval ? ' on approval' : ''}`;

const under = (prefix: string, values: Readonly<Record<string, Value>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]));

function asLines(values: Readonly<Record<string, Value>>): Lines {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return new Map(set.map(([key, value]) => [key, { text: asText(value) }]));
}

const asText = (value: Value) => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));

/** As it would be written: the largest unit that leaves no rest. */
function asDuration(ms: number): string {
  const units = [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['m', MINUTE_MS],
  ] as const;
  const [unit, size] = units.find(([, one]) => ms > 0 && ms % one === 0) ?? ['s', SECOND_MS];
  return `${ms / size}${unit}`;
}
