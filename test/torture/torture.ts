/**
 * `npm run torture`: tries to break every promise about bad days, and prints what came of it.
 * `--only <name>` (as often as wanted) chooses rows, `--scale 0.01` tries a hundredth, and
 * `--seed 7` draws the trials of an earlier run again. It ends with status 1 if a promise is broken.
 */
import { parseArgs } from 'node:util';
import { ROWS } from '#test/torture/rows.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});
const scale = Number(values.scale);
const names = Object.keys(ROWS);
const unknown = (values.only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0 || !(scale > 0)) {
  console.error(`Usage: npm run torture -- [--only <name>]… [--seed <number>] [--scale <share>]`);
  console.error(`Names: ${names.join(', ')}`);
  process.exit(2);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

let failures = 0;
for (const name of values.only ?? names) {
  const startedMs = performance.now();
  const row = await rowOf(name);
  if (!row.ok) failures += 1;
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.log(
    `${row.ok ? 'holds ' : 'BROKEN'}  ${name}: ${row.figure} (seed ${seed}, ${seconds} s)`,
  );
}
process.exit(failures > 0 ? 1 : 0);

/** What cannot even be tried is no promise kept. */
async function rowOf(name: string) {
  try {
    const run = await ROWS[name]?.();
    if (!run) throw new Error('it is not there');
    return await run({ seed, scale });
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, figure: `could not be tried: ${why}`, ok: false };
  }
}
