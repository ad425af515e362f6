/** A kill reaches everybody who listens: ten thousand streams, 99 in a hundred within a second. */
import { measureKills, range } from '#test/bench/agents-kills.ts';
import { quantile } from '#test/bench/figure.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const STREAMS = 10_000;
/** Promised from its commit; measured from the command, which is earlier. */
const TOLD_MS_MAX = 1_000;

export async function run(trial: Trial): Promise<Row> {
  const streams = scaled(STREAMS, trial);
  const { eachFromCommandMs, fromCommandMs, memory } = await measureKills(streams);
  const p99Ms = quantile(eachFromCommandMs, 0.99);
  const figure =
    `${fromCommandMs.length} kills in Slack with ${streams} streams: told after the command within ` +
    `${p99Ms.toFixed(0)} ms (p99), the last of them after ${range(fromCommandMs)}; ${memory}`;
  return { name: 'streams', figure, ok: p99Ms < TOLD_MS_MAX };
}
