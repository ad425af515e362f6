// Reads signalman.yml. Every problem is found at once, with its line; a file with problems gives
// nothing, so that whoever has good settings already keeps them.

import { buildSettings } from '#adapters/settings/build-settings.ts';
import { fileSchema } from '#adapters/settings/file-schema.ts';
import type { SettingsProblem } from '#adapters/settings/settings-problem.ts';
import { type SettingsWarning, warningsOf } from '#adapters/settings/settings-warnings.ts';
import { unsatisfiableIn } from '#adapters/settings/unsatisfiable.ts';
import { type KeyPath, readYaml } from '#adapters/settings/yaml-source.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';

export type ReadSettings = {
  readonly settings: Settings;
  /** To be shown, not to be stopped by. */
  readonly warnings: readonly SettingsProblem[];
  /** Rules that nobody can satisfy: errors, except where an error would take kill switches away. */
  readonly unsatisfiable: readonly SettingsProblem[];
};

/** `path` is the file's name as people know it. */
export function readSettings(
  yamlText: string,
  { path: file }: { readonly path: string },
): Result<ReadSettings, readonly SettingsProblem[]> {
  const yaml = readYaml(yamlText);
  if (!yaml.ok) return no(yaml.refusal.map((fault) => ({ file, key: '', ...fault })));

  const { value, lineOf } = yaml.value;
  const placed = (key: KeyPath, problem: string): SettingsProblem => ({
    file,
    line: lineOf(key),
    key: asWritten(key),
    problem,
  });
  // An empty file lacks its keys, like any other that does not have them.
  const written = fileSchema.safeParse(value ?? '');
  if (!written.success) {
    const problems = written.error.issues.map(({ path, message }) =>
      placed(path.map(asKey), message),
    );
    return no(problems.toSorted((a, b) => a.line - b.line));
  }
  const settings = buildSettings(written.data);
  const found = ({ key, message }: SettingsWarning) => placed(key, message);
  return yes({
    settings,
    warnings: warningsOf(written.data, settings).map(found),
    unsatisfiable: unsatisfiableIn(settings).map(found),
  });
}

const asKey = (part: PropertyKey) => (typeof part === 'symbol' ? String(part) : part);

/** `services.support-agent.steps[2]`: places in a list are counted from 0. */
const asWritten = (key: KeyPath) =>
  key
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
