/** How often the policy would have stopped stable itself, on what agents reported. */
import { existsSync } from 'node:fs';
import { DONE, FAILED, type Terminal, takeOption } from '#adapters/cli/command.ts';
import { planOf } from '#adapters/cli/service-plan.ts';
import { calibratePolicy, calibrationWords } from '#operations/calibrate-policy.ts';
import { tuningFor } from '#operations/replay-policy.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { recordedLogs } from '#store/sqlite/recorded-logs.ts';

const COHORTS_DEFAULT = 200;
const COHORTS_MAX = 10_000;
const LOGS_MAX = 200_000;

export function calibrate(
  terminal: Terminal,
  words: readonly string[],
  wrong: (why: string) => number,
): number {
  const { value: service, rest } = takeOption(words, 'service');
  if (service === undefined) return wrong('Of which service?');
  const { value: text = String(COHORTS_DEFAULT), rest: more } = takeOption(rest, 'cohorts');
  const cohorts = Number(text);
  if (more.length > 0) return wrong(`I can't place “${more.join(' ')}”.`);
  if (!Number.isInteger(cohorts) || cohorts < 1 || cohorts > COHORTS_MAX)
    return wrong(`How many cohorts, from 1 to ${COHORTS_MAX}?`);
  const plan = planOf(terminal, service);
  if (plan === 'unknown') return FAILED;
  const tuning = tuningFor({ plan });
  if (!tuning.ok) return wrong(tuning.refusal);
  const logs = read(terminal.databasePath, service);
  if (logs.length === 0) {
    terminal.complain(`No logs of ${service} are kept, so there is nothing to calibrate on.`);
    return FAILED;
  }
  for (const line of calibrationWords(calibratePolicy(logs, tuning.value, cohorts)))
    terminal.say(line);
  return DONE;
}

function read(databasePath: string, service: string) {
  if (!existsSync(databasePath)) return [];
  const db = openForReading(databasePath);
  try {
    return recordedLogs(db, service, LOGS_MAX);
  } finally {
    db.$client.close();
  }
}
