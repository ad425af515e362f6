// Reads signalman.yml. Every problem is found at once, with its line; a file with problems gives
// nothing, so that whoever has good settings already keeps them.

import { buildSettings } from '#adapters/settings/build-settings.ts';
import { fileSchema } from '#adapters/settings/file-schema.ts';
import type { SettingsProblem } from '#adapters/settings/settings-problem.ts';
import { warningsOf } from '#adapters/settings/settings-warnings.ts';
import { type KeyPath, readYaml } from '#adapters/settings/yaml-source.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';

export type ReadSettings = {
  readonly settings: Settings;
  /** To be shown, not to be stopped by. */
  readonly warnings: readonly SettingsProblem[];
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
  const warnings = warningsOf(written.data, settings).map(({ key, message }) =>
    placed(key, message),
  );
  return yes({ settings, warnings });
}

const asKey = (part: PropertyKey) => (typeof part === 'symbol' ? String(part) : part);

/** `services.support-agent.steps[2]`: places in a list are counted from 0. */
const asWritten = (key: KeyPath) =>
  key
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
