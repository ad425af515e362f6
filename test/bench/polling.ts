/** A poll as the bot makes it: read both arms, judge, and commit each release on its own. */
import type { Guard } from '#domain/guard.ts';
import { type Figure, sayTimes, type Timed } from '#test/bench/figure.ts';
import { startProgressing } from '#test/bench/progressing.ts';
import { inFolder } from '#test/bench/started-bot.ts';

const SERVICES = 200;
const POLLS = 15;
const GUARDS: readonly Guard[] = [
  { name: 'error_rate', limit: 0.05 },
  { name: 'latency_p95_ms', limit: 1_800 },
  { name: 'tool_failure_rate', limit: 0.03, versusStable: { margin: 0 } },
];

export async function measurePolling(say: (figure: Figure) => void): Promise<void> {
  await inFolder(async (folder) => {
    const world = await startProgressing(folder, SERVICES, GUARDS);
    const name = `a poll of ${SERVICES} progressing releases`;
    // All of them open their evidence from three hours of history, as each does once.
    sayTimes(say, { name: `${name}, the first` }, [await world.poll()]);
    const polls: (Timed & { readonly stallMs: number })[] = [];
    for (let at = 0; at < POLLS; at += 1) polls.push(await world.poll());
    sayTimes(say, { name, below: 1_000 }, polls);
    // What a click or a kill would wait for in the worst case.
    const stalls = polls.map(({ stallMs }) => stallMs);
    const stall = { name: '  longest time nothing else was served', samples: stalls };
    say({ ...stall, unit: 'ms', compare: 'median', below: 50 });
    const sizes = evidenceSizes(world.db).map((bytes) => bytes / 1_024);
    say({ name: 'evidence of a release as JSON', unit: 'KiB', compare: 'max', samples: sizes });
    world.close();
  });
}

const evidenceSizes = ({ $client }: Awaited<ReturnType<typeof startProgressing>>['db']) =>
  $client
    .prepare<[], { bytes: number }>('select length(evidence) as bytes from releases')
    .all()
    .map(({ bytes }) => bytes);
