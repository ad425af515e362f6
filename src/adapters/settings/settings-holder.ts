import { readFileSync } from 'node:fs';
import { type ReadSettings, readSettings } from '#adapters/settings/read-settings.ts';
import { type SettingsProblem, settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';
import { differenceOf, whyNotReload } from '#domain/settings-difference.ts';

export type SettingsHolder = {
  readonly current: () => Settings;
  readonly warnings: () => readonly SettingsProblem[];
  readonly unsatisfiable: () => readonly SettingsProblem[];
  /** Takes the file as it is now, or keeps the last good one and says what is wrong. */
  readonly reload: (
    liveServices: readonly string[],
  ) => Result<{ readonly differences: readonly string[] }, readonly string[]>;
};

/** The configuration file in force. */
export function createSettingsHolder(
  path: string,
): Result<SettingsHolder, readonly SettingsProblem[]> {
  const first = readSettingsFile(path);
  if (!first.ok) return first;
  let held: ReadSettings = first.value;
  return yes({
    current: () => held.settings,
    warnings: () => held.warnings,
    unsatisfiable: () => held.unsatisfiable,
    reload: (liveServices) => {
      const next = readSettingsFile(path);
      if (!next.ok) return no(next.refusal.map(settingsProblemLine));
      const { unsatisfiable } = next.value;
      if (unsatisfiable.length > 0) return no(unsatisfiable.map(settingsProblemLine));
      const before = held.settings;
      const problems = whyNotReload(before, next.value.settings, liveServices);
      if (problems.length > 0) return no(problems);
      held = next.value;
      return yes({ differences: differenceOf(before, held.settings) });
    },
  });
}

export function readSettingsFile(path: string): Result<ReadSettings, readonly SettingsProblem[]> {
  try {
    return readSettings(readFileSync(path, 'utf8'), { path });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = `it cannot be read (${why}); set CONFIG_PATH to your configuration file`;
    return no([{ file: path, line: 1, key: '', problem }]);
  }
}
