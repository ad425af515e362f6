import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  type Command,
  DONE,
  FAILED,
  misused,
  type Terminal,
  takeOption,
} from '#adapters/cli/command.ts';
import { calibrate } from '#adapters/cli/policy-calibrate.ts';
import { preview } from '#adapters/cli/policy-plan.ts';
import { planOf } from '#adapters/cli/service-plan.ts';
import { replayPolicy, tuningFor } from '#operations/replay-policy.ts';

export const policyCommand: Command = {
  name: 'policy',
  usage: [
    'policy replay <file> [--guard error_rate=0.05]… [--config <file> --service <name>]',
    'policy plan --service <name> [--requests-per-day <n> --keys <n> --bad-rate <share>]',
    'policy calibrate --service <name> [--cohorts <n>]',
  ],
  about: 'judge recorded windows again, see what a plan will take, or test it on stable alone',
  run: async (terminal) => {
    const [what, ...words] = terminal.words;
    const wrong = (why: string) => misused(terminal, policyCommand, why);
    if (what === 'replay') return await replay(terminal, words, wrong);
    if (what === 'plan') return preview(terminal, words, wrong);
    if (what === 'calibrate') return calibrate(terminal, words, wrong);
    return wrong('Replay, plan or calibrate?');
  },
};

async function replay(
  terminal: Terminal,
  words: readonly string[],
  wrong: (why: string) => number,
): Promise<number> {
  const asked = readWords(words);
  if (typeof asked === 'string') return wrong(asked);
  if (!existsSync(asked.file)) {
    terminal.complain(`There is no file ${asked.file}.`);
    return FAILED;
  }
  const plan =
    asked.service === undefined ? undefined : planOf(terminal, asked.service, asked.config);
  if (plan === 'unknown') return FAILED;
  const tuning = tuningFor({ guards: asked.guards, ...(plan && { plan }) });
  if (!tuning.ok) return wrong(tuning.refusal);
  const source = await open(asked.file);
  for await (const line of replayPolicy(source.readLines(), tuning.value)) {
    if (!line.ok) {
      terminal.complain(`${asked.file}:${line.refusal.line}: ${line.refusal.problem}`);
      return FAILED;
    }
    if (!process.stdout.write(`${line.value}\n`)) await once(process.stdout, 'drain');
  }
  return DONE;
}

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
