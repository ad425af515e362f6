import { existsSync, readFileSync } from 'node:fs';
import type { Terminal } from '#adapters/cli/command.ts';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import type { Plan } from '#domain/plan.ts';

/** The plan of a service as the configuration holds it now; otherwise it complains why there is none. */
export function planOf(
  { complain, configPath }: Terminal,
  service: string,
  config?: string,
): Plan | 'unknown' {
  const path = config ?? configPath;
  if (!existsSync(path)) {
    complain(`There is no file ${path}.`);
    return 'unknown';
  }
  const read = readSettings(readFileSync(path, 'utf8'), { path });
  if (!read.ok) {
    for (const problem of read.refusal) complain(settingsProblemLine(problem));
    return 'unknown';
  }
  const settings = read.value.settings.services.get(service);
  if (settings) return settings.plan;
  const known = [...read.value.settings.services.keys()].join(', ');
  complain(`${path} has no service “${service}”; it has ${known}.`);
  return 'unknown';
}
