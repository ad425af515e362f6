// What is allowed in signalman.yml, and yet is probably not what anybody wants.

import type { WrittenFile } from '#adapters/settings/file-schema.ts';
import type { KeyPath } from '#adapters/settings/yaml-source.ts';
import type { ServiceSettings, Settings } from '#domain/settings.ts';
import { inWords } from '#domain/time.ts';

export type SettingsWarning = { readonly key: KeyPath; readonly message: string };

/** Fewer polls than these in a step leave nothing to look at before the next one. */
const POLLS_PER_DWELL_MIN = 3;

export function warningsOf(file: WrittenFile, settings: Settings): readonly SettingsWarning[] {
  const services = [...settings.services.values()];
  return [
    ...warningsOfPoll(file),
    ...(services.length === 0
      ? [{ key: ['services'], message: 'has no service yet, so there is nothing to release' }]
      : []),
    ...services.flatMap((service) => [
      ...warningsOfPeople(service),
      ...warningsOfDwell(service),
      ...warningsOfTesters(service),
      ...warningsOfGuards(service),
    ]),
  ];
}

const inService = ({ name }: ServiceSettings, ...rest: (string | number)[]) => [
  'services',
  name,
  ...rest,
];

function warningsOfPoll({ poll }: WrittenFile): readonly SettingsWarning[] {
  const { pollMs, longestMs } = poll;
  if (pollMs === longestMs) return [];
  const gaps = `${inWords(pollMs)} to ${inWords(longestMs)}`;
  const message = `runs unevenly, ${gaps} apart; the watchdog fills gaps longer than ${inWords(pollMs)}`;
  return [{ key: ['poll'], message }];
}

/**
 * Rules that nobody can satisfy are no errors: whatever lowers exposure needs no role, and a start
 * that is refused would take the kill switches away with it. Groups may hold anybody.
 */
function warningsOfPeople(service: ServiceSettings): readonly SettingsWarning[] {
  const { people, plan } = service;
  const { operators, approvers } = people;
  const key = inService(service, 'people');
  const needsApproval = !plan.unattendedFull || plan.steps.some(({ approval }) => approval);
  if (operators.length === 0)
    return [
      { key, message: 'names no operator here or at the top, so nobody can start a release' },
    ];
  if (!needsApproval) return [];
  if (approvers.length === 0)
    return [
      {
        key,
        message: 'names no approver here or at the top, so no release gets past its proposal',
      },
    ];
  const all = [...new Set([...operators, ...approvers])];
  const [only] = all;
  if (all.length > 1 || only?.startsWith('S')) return [];
  const message = `has ${only} as its only operator and approver, and nobody may approve what they asked for`;
  return [{ key, message }];
}

function warningsOfDwell(service: ServiceSettings): readonly SettingsWarning[] {
  const { steps, pollMs } = service.plan;
  const index = steps.findIndex(({ dwellMs }) => dwellMs < POLLS_PER_DWELL_MIN * pollMs);
  const step = steps[index];
  if (!step) return [];
  const dwell = `waits ${inWords(step.dwellMs)} at ${step.weightPercent} %`;
  const message = `${dwell}, less than three polls of ${inWords(pollMs)}; lengthen dwell or poll more often`;
  return [{ key: inService(service, 'dwell'), message }];
}

function warningsOfTesters(service: ServiceSettings): readonly SettingsWarning[] {
  const { steps, testers } = service.plan;
  if (steps[0]?.weightPercent !== 0 || testers.length > 0) return [];
  const message = 'are missing, so at weight 0 nobody gets the candidate';
  return [{ key: inService(service, 'testers'), message }];
}

function warningsOfGuards(service: ServiceSettings): readonly SettingsWarning[] {
  const { guards, customGuards } = service.plan;
  if (guards.length > 0 || customGuards.length === 0) return [];
  const message = 'has own probes only, which compare nothing with stable; add error_rate';
  return [{ key: inService(service, 'guards'), message }];
}
