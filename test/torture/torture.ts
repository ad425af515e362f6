/**
 * `npm run torture`: tries to break every promise about bad days, and prints what came of it.
 * `--only <name>` (as often as wanted) chooses rows and takes as long as they take, `--scale 0.01`
 * tries a hundredth, `--seed 7` draws the trials of an earlier run again, and `--hours 8` goes for
 * the rows that are about a time. It ends with status 1 if a promise is broken.
 */
import { parseArgs } from 'node:util';
import { drawPlan } from '#test/torture/plan.ts';
import type { Row } from '#test/torture/row.ts';
import { ELSEWHERE, ROWS } from '#test/torture/rows.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    scale: { type: 'string', default: '1' },
    hours: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const scale = Number(values.scale);
const [hours, minutes] = [numberOf(values.hours), numberOf(values.minutes)];
const names = Object.keys(ROWS);
const unknown = (values.only ?? []).filter((name) => !names.includes(name));
const isMisread = [scale, hours ?? 1, minutes ?? 1].some((number) => !(number > 0));
if (unknown.length > 0 || isMisread) {
  console.error(
    'Usage: npm run torture -- [--only <name>]… [--seed <number>] [--scale <share>] [--hours <hours>]',
  );
  console.error(`Names: ${names.join(', ')}`);
  process.exit(2);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
/** A row that is tried in part ends with this status; nothing was seen to break. */
const IN_PART = 3;
/** What all rows together may take, so that somebody does run them. */
const MINUTES_MAX = 30;

if (values.only) {
  const statuses: number[] = [];
  for (const name of values.only) statuses.push(await tell(name));
  process.exit(statuses.includes(1) ? 1 : Math.max(...statuses));
}
const words = ['--seed', String(seed), '--scale', values.scale];
const { took, ended } = await drawPlan(ROWS, [...words, ...(hours ? ['--hours', `${hours}`] : [])]);
for (const [name, how] of Object.entries(ELSEWHERE)) console.log(`elsewhere  ${name}: ${how}`);
const having = (status: number) => ended.filter((one) => one.status === status);
const broken = ended.filter(({ status }) => status !== 0 && status !== IN_PART);
const inWords = (what: string, rows: typeof ended) =>
  `${rows.length} ${what}${rows.length > 0 ? ` (${rows.map(({ name }) => name).join(', ')})` : ''}`;
const tookMinutes = took / 60_000;
const isInTime = tookMinutes < MINUTES_MAX;
console.log(
  `${ended.length} rows: ${having(0).length} met, ${inWords('tried in part', having(IN_PART))}, ` +
    `${inWords('broken', broken)}, in ${tookMinutes.toFixed(1)} minutes, ` +
    `${isInTime ? 'less' : 'NOT less'} than the ${MINUTES_MAX} that are promised on two processors`,
);
process.exit(broken.length > 0 ? 1 : 0);

/** Tries one row in this process and prints its line; gives back a status to end with. */
async function tell(name: string): Promise<number> {
  const startedMs = performance.now();
  const row = await rowOf(name);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const said = row.ok ? (row.untried ? 'in part' : 'met') : 'BROKEN';
  const limits = row.untried ? `; tried in part: ${row.untried}` : '';
  console.log(`${said.padEnd(9)}  ${name}: ${row.figure}${limits} (seed ${seed}, ${seconds} s)`);
  return row.ok ? (row.untried ? IN_PART : 0) : 1;
}

/** What cannot even be tried is no promise kept. */
async function rowOf(name: string): Promise<Row> {
  try {
    const { load } = ROWS[name] ?? {};
    if (!load) throw new Error('it is not there');
    const run = await load();
    const endsAtMs = performance.now() + (minutes ?? Number.POSITIVE_INFINITY) * 60_000;
    const isOver = () => performance.now() > endsAtMs;
    return await run({ seed, scale, isOver, ...(hours !== undefined && { hours }) });
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, figure: `could not be tried: ${why}`, ok: false };
  }
}
