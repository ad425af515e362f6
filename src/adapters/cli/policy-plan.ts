/** What the plan of a service will take, by traffic as it was recorded or as it is given. */
import { existsSync } from 'node:fs';
import { DONE, FAILED, type Terminal, takeOption } from '#adapters/cli/command.ts';
import { planOf } from '#adapters/cli/service-plan.ts';
import { offerWords, spanWords, warningWords, worstWords } from '#adapters/words/preview-words.ts';
import {
  type PlanPreview,
  previewPlan,
  type ServiceTraffic,
  type StepPreview,
} from '#domain/policy/planner.ts';
import { percent, whole } from '#domain/policy/wording.ts';
import { asInstant } from '#domain/time.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';

export function preview(
  terminal: Terminal,
  words: readonly string[],
  wrong: (why: string) => number,
): number {
  const { value: service, rest } = takeOption(words, 'service');
  if (service === undefined) return wrong('Of which service?');
  const given = readTraffic(rest);
  if (typeof given === 'string') return wrong(given);
  const plan = planOf(terminal, service);
  if (plan === 'unknown') return FAILED;
  const traffic = given ?? recorded(terminal.databasePath, service);
  if (!traffic) {
    terminal.complain(
      `Nothing was recorded of ${service} in the last day. Give --requests-per-day, --keys and --bad-rate.`,
    );
    return FAILED;
  }
  for (const line of previewLines(service, traffic, previewPlan(plan, traffic))) terminal.say(line);
  return DONE;
}

/** All three numbers, or none of them; a sentence when they cannot be read. */
function readTraffic(words: readonly string[]): ServiceTraffic | string | undefined {
  const requests = takeOption(words, 'requests-per-day');
  const keys = takeOption(requests.rest, 'keys');
  const bad = takeOption(keys.rest, 'bad-rate');
  if (bad.rest.length > 0) return `I can't place “${bad.rest.join(' ')}”.`;
  const texts = [requests.value, keys.value, bad.value];
  if (texts.every((text) => text === undefined)) return undefined;
  const [requestsPerDay, distinctKeys, badRate] = texts.map((text) => Number(text ?? Number.NaN));
  if (!(requestsPerDay && requestsPerDay > 0)) return 'How many requests a day, as a number?';
  if (!(distinctKeys !== undefined && distinctKeys >= 0)) return 'How many users (keys)?';
  if (!(badRate !== undefined && badRate >= 0 && badRate < 1))
    return 'Which share is bad, as in --bad-rate 0.01?';
  return { requestsPerDay, distinctKeys, badRate };
}

function recorded(databasePath: string, service: string): ServiceTraffic | undefined {
  if (!existsSync(databasePath)) return undefined;
  const db = openForReading(databasePath);
  try {
    return createQueries(db).traffic(service, asInstant(Date.now()));
  } finally {
    db.$client.close();
  }
}

function previewLines(
  service: string,
  traffic: ServiceTraffic,
  { steps, days, ...more }: PlanPreview,
) {
  const { requestsPerDay, distinctKeys, badRate } = traffic;
  return [
    `${service}: ${whole(requestsPerDay)} requests a day by ${whole(distinctKeys)} users, ${percent(badRate)} of them bad.`,
    ...steps.map(stepLine),
    `  all steps: about ${spanWords(days.typical)}, 95 of 100 healthy releases within ${spanWords(days.late)}.`,
    ...more.warnings.map(warningWords),
    ...more.offers.map(offerWords),
  ];
}

function stepLine(step: StepPreview): string {
  const { weightPercent, days, keys } = step;
  if (weightPercent === 0) return `  testers  about ${spanWords(days.typical)}`;
  const lasts = `about ${spanWords(days.typical)}, 95 of 100 within ${spanWords(days.late)}`;
  return `  ${String(weightPercent).padStart(5)} %  ${lasts}; ${whole(keys)} users, bad requests at worst: ${worstWords(step)}`;
}
