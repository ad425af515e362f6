/**
 * `npm run bench`: prints the figures we hold ourselves to, beside the noise of the machine.
 * With `--long` also those that take minutes; names given as words choose some of them.
 */
import { measureAcks } from '#test/bench/acks.ts';
import { measureCard } from '#test/bench/card.ts';
import { type Figure, printFigure, printHead } from '#test/bench/figure.ts';
import { measureJudging } from '#test/bench/judging.ts';
import { measureManyCards } from '#test/bench/many-cards.ts';
import { measureMemory } from '#test/bench/memory.ts';
import { measureNoise } from '#test/bench/noise.ts';
import { measurePage } from '#test/bench/page.ts';
import { measurePolling } from '#test/bench/polling.ts';
import { measureRegister } from '#test/bench/register.ts';
import { measureStarting } from '#test/bench/starting.ts';

type Measure = (say: (figure: Figure) => void) => void | Promise<void>;

const FIGURES: Readonly<Record<string, Measure>> = {
  noise: measureNoise,
  card: measureCard,
  page: measurePage,
  judging: measureJudging,
  polling: measurePolling,
  starting: measureStarting,
  memory: measureMemory,
  acks: measureAcks,
};
const LONG: Readonly<Record<string, Measure>> = {
  cards: measureManyCards,
  register: measureRegister,
};

const words = process.argv.slice(2);
const chosen = words.filter((word) => !word.startsWith('--'));
const offered = words.includes('--long') || chosen.length > 0 ? { ...FIGURES, ...LONG } : FIGURES;

printHead();
for (const [name, measure] of Object.entries(offered)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  try {
    await measure(printFigure);
  } catch (error) {
    console.log(`| ${name} | could not be measured: ${error} |`);
  }
}
