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
