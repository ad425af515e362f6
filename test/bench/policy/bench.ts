/**
 * Our policy beside the rules of other tools, on the same simulated releases.
 * Run as `npm run bench:policy`, or `npm run bench:policy -- 4000` for that many releases a cell.
 */
import { dice } from '#test/bench/policy/dice.ts';
import { busy, type GatedWorld, release, thin } from '#test/bench/policy/gated.ts';
import { pollOfReleases } from '#test/bench/policy/judging-speed.ts';
import { ourPolicy, ourRule } from '#test/bench/policy/our-rule.ts';
import { PEERS, waldThatKnows } from '#test/bench/policy/peers.ts';
import { follow, type Outcome, quantile, type Rule } from '#test/bench/policy/rule.ts';
import { draw, drift, hourly, incident, type World } from '#test/bench/policy/world.ts';

const RELEASES = Number(process.argv[2] ?? 400);

const OURS: readonly Rule[] = [
  ourRule({ name: '**this method, 1 %, one guard**' }),
  ourRule({
    name: 'this method, one guard of eight',
    policy: { ...ourPolicy, lines: ourPolicy.lines.map((line) => ({ ...line, weight: 1 / 8 })) },
  }),
  ourRule({ name: 'this method at 5 %', logStop: Math.log(20) }),
];
const UNTEMPERED = ourRule({ name: 'this method, untempered', isTempered: false });

function main() {
  console.log(`${RELEASES} releases a cell; median / 95th percentile.\n`);
  for (const base of [0.01, 0.001]) comparison(base);
  sharedTrouble();
  gatedReleases();
  const tookMs = pollOfReleases(1_000, 5).toFixed(0);
  console.log(`\nOne poll of 1 000 releases with 8 guards each is judged in ${tookMs} ms.`);
}

function comparison(base: number) {
  console.log(`Stable fails ${base * 100} % of requests:\n`);
  row('rule', 'healthy candidate stopped', ...[2, 5, 20].map(heading));
  row('---', '---', '---', '---', '---');
  const rules = [...PEERS, ...OURS];
  const healthy = outcomes(hourly(base, 1), [...rules, waldThatKnows(base, 2)]);
  const worse = [2, 5, 20].map((ratio) =>
    outcomes(hourly(base, ratio), [...rules, waldThatKnows(base, ratio)]),
  );
  [...rules, waldThatKnows(base, 2)].forEach((rule, index) => {
    const cells = worse.map((all) => found(all[index] ?? []));
    row(rule.name, percent(stoppedShare(healthy[index] ?? [])), ...cells);
  });
  console.log('');
}

const heading = (ratio: number) => `${ratio}x: missed; minutes; bad`;

function sharedTrouble() {
  console.log('A healthy candidate while something else goes wrong (stable at 1 %):\n');
  const worlds: [string, World][] = [
    ['incident hits both arms', incident(0.01)],
    ['both arms drift from 0.5 to 3 %', drift(0.005, 0.03)],
    ['errors in threes', hourly(0.01, 1, { cluster: 'threes' })],
    ['errors in tens', hourly(0.01, 1, { cluster: 'tens' })],
    ['clusters of mean three', hourly(0.01, 1, { cluster: 'geometric' })],
  ];
  const rules = [...PEERS, UNTEMPERED, ...OURS.slice(0, 1)];
  row('rule', ...worlds.map(([name]) => name));
  row('---', ...worlds.map(() => '---'));
  const all = worlds.map(([, world]) => outcomes(world, rules));
  rules.forEach((rule, index) => {
    row(rule.name, ...all.map((cell) => percent(stoppedShare(cell[index] ?? []))));
  });
  console.log('');
}

function gatedReleases() {
  console.log('Releases that climb by themselves:\n');
  row(
    'candidate',
    'stopped',
    'completed',
    'hours to completion',
    'hours; bad until the stop',
    '50 %',
  );
  row('---', '---', '---', '---', '---', '---');
  for (const ratio of [1, 1.5, 2, 5, 20])
    gated(`${ratio}x, 1 000 a minute, budget 0.5 %`, busy(0.01, ratio), 0.005);
  for (const ratio of [1, 5])
    gated(`${ratio}x, 500 a day, 20-50-100, budget 2 %`, thin([20, 50, 100], ratio, 30), 0.02);
  gated('1x, 500 a day, usual ladder, budget 1 %', thin([1, 5, 10, 25, 50, 100], 1, 30), 0.01);
}

function gated(name: string, world: GatedWorld, riskBudget: number) {
  const policy = { ...ourPolicy, riskBudget };
  const runs = Math.ceil(RELEASES / 4);
  const endings = Array.from({ length: runs }, (_, seed) => release(policy, world, dice(seed)));
  const those = (what: string) => endings.filter((ending) => ending.what === what);
  const hours = (what: string) =>
    spread(
      those(what).map(({ minutes }) => minutes / 60),
      1,
    );
  const half = endings.filter(({ highestPercent }) => highestPercent >= 50).length;
  row(
    name,
    percent(those('stopped').length / runs),
    percent(those('completed').length / runs),
    hours('completed'),
    `${hours('stopped')}; ${spread(those('stopped').map(({ bad }) => bad))}`,
    percent(half / runs),
  );
}

/** All rules watch the same releases, so that they differ by nothing but themselves. */
function outcomes(world: World, rules: readonly Rule[]): Outcome[][] {
  const all: Outcome[][] = rules.map(() => []);
  for (let seed = 0; seed < RELEASES; seed += 1) {
    const course = draw(world, dice(seed));
    rules.forEach((rule, index) => {
      all[index]?.push(follow(rule, course));
    });
  }
  return all;
}

function found(all: readonly Outcome[]): string {
  const stopped = all.filter((outcome) => outcome.stopped);
  const missed = percent(1 - stopped.length / all.length);
  if (stopped.length === 0) return missed;
  const minutes = spread(stopped.map((outcome) => outcome.minutes));
  return `${missed}; ${minutes}; ${spread(stopped.map(({ bad }) => bad))}`;
}

const stoppedShare = (all: readonly Outcome[]) =>
  all.filter(({ stopped }) => stopped).length / all.length;

const spread = (values: readonly number[], digits = 0) =>
  values.length === 0
    ? '-'
    : `${quantile(values, 0.5).toFixed(digits)}/${quantile(values, 0.95).toFixed(digits)}`;

const percent = (share: number) => `${(share * 100).toFixed(share > 0.1 ? 1 : 2)} %`;
const row = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`);

main();
