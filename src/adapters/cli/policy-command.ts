import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  type Command,
  DONE,
  FAILED,
  misused,
  type Terminal,
  takeOption,
} from '#adapters/cli/command.ts';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import type { Plan } from '#domain/plan.ts';
import { replayPolicy, tuningFor } from '#operations/replay-policy.ts';

export const policyCommand: Command = {
  name: 'policy',
  usage: ['policy replay <file> [--guard error_rate=0.05]… [--config <file> --service <name>]'],
  about: 'judge recorded windows again, to tune guards on past incidents',
  run: async (terminal) => {
    const [what, ...words] = terminal.words;
    if (what !== 'replay') return misused(terminal, policyCommand, 'I know “policy replay”.');
    const asked = readWords(words);
    if (typeof asked === 'string') return misused(terminal, policyCommand, asked);
    if (!existsSync(asked.file)) {
      terminal.complain(`There is no file ${asked.file}.`);
      return FAILED;
    }
    const plan = asked.service === undefined ? undefined : planFrom(terminal, asked);
    if (plan === 'unknown') return FAILED;
    const tuning = tuningFor({ guards: asked.guards, ...(plan && { plan }) });
    if (!tuning.ok) return misused(terminal, policyCommand, tuning.refusal);
    const source = await open(asked.file);
    for await (const line of replayPolicy(source.readLines(), tuning.value)) {
      if (!line.ok) {
        terminal.complain(`${asked.file}:${line.refusal.line}: ${line.refusal.problem}`);
        return FAILED;
      }
      if (!process.stdout.write(`${line.value}\n`)) await once(process.stdout, 'drain');
    }
    return DONE;
  },
};

type Asked = {
  readonly file: string;
  readonly guards: readonly string[];
  readonly config?: string;
  readonly service?: string;
};

/** A sentence when the words are not what the usage says. */
function readWords(words: readonly string[]): Asked | string {
  const guards: string[] = [];
  let left = words;
  for (;;) {
    const { value, rest } = takeOption(left, 'guard');
    if (rest === left) break;
    if (value === undefined) return 'Which guard?';
    guards.push(value);
    left = rest;
  }
  const { value: config, rest: withoutConfig } = takeOption(left, 'config');
  const { value: service, rest: files } = takeOption(withoutConfig, 'service');
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) return 'Which file?';
  if (config !== undefined && service === undefined) return 'Which service of that file?';
  return {
    file,
    guards,
    ...(config !== undefined && { config }),
    ...(service !== undefined && { service }),
  };
}

function planFrom({ complain, configPath }: Terminal, asked: Asked): Plan | 'unknown' {
  const path = asked.config ?? configPath;
  if (!existsSync(path)) {
    complain(`There is no file ${path}.`);
    return 'unknown';
  }
  const read = readSettings(readFileSync(path, 'utf8'), { path });
  if (!read.ok) {
    for (const problem of read.refusal) complain(settingsProblemLine(problem));
    return 'unknown';
  }
  const service = read.value.settings.services.get(asked.service ?? '');
  if (service) return service.plan;
  const known = [...read.value.settings.services.keys()].join(', ');
  complain(`${path} has no service “${asked.service}”; it has ${known}.`);
  return 'unknown';
}
