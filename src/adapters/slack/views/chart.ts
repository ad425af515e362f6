/** Candidate against stable over time: Slack's own chart, and the same in words. */
import type { AnyBlock, Block } from '@slack/types';
import { small } from '#adapters/slack/views/blocks.ts';
import { badName } from '#adapters/slack/views/guard-words.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { clip } from '#adapters/words/escape.ts';
import type { CounterName, Counts, EvidenceWindow } from '#domain/evidence.ts';
import { inWords } from '#domain/time.ts';

/** Slack has this block, its published types do not know it yet. */
type ChartBlock = Block & {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line';
    readonly series: readonly Series[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label: string;
      readonly y_label: string;
    };
  };
};
type Series = {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number }[];
};

export const isChart = ({ type }: AnyBlock) => type === 'data_visualization';

export type ChartOf = {
  readonly windows: readonly EvidenceWindow[];
  readonly candidate: string;
  readonly stable: string;
  /** The guard that speaks loudest; one that is no share of observations is shown by its errors. */
  readonly guard: string | undefined;
};

export function chart({ windows, candidate, stable, guard = '' }: ChartOf): readonly AnyBlock[] {
  const share = SHARES[guard] ?? ERRORS;
  const points = pointsOf(windows, share);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < POINTS_MIN) return [];
  const labels = labelsOf(points, windows[0]?.from ?? 0);
  const [candidateName, stableName] = namesOf(candidate, stable);
  const line = (name: string, values: readonly number[]): Series => ({
    name,
    data: values.map((value, at) => ({ label: labels[at] ?? '', value })),
  });
  const others = points.map((point) => point.stable).filter((value) => value !== undefined);
  const hasStable = others.length === points.length;
  const title = `${opening(share === ERRORS ? ERRORS.name : badName(guard))} over time, in %`;
  const block: ChartBlock = {
    type: 'data_visualization',
    title: clip(title, 50),
    chart: {
      type: 'line',
      series: [
        line(
          candidateName,
          points.map((point) => point.candidate),
        ),
        ...(hasStable ? [line(stableName, others)] : []),
      ],
      axis_config: { categories: labels, x_label: 'since the first count', y_label: '%' },
    },
  };
  const words = [
    `${candidate} ${course(first.candidate, last.candidate)}`,
    ...(hasStable ? [`stable ${stable} ${course(first.stable, last.stable)}`] : []),
  ];
  return [block, small(`${title}: ${words.join(', ')}`)];
}

const course = (from: number | undefined, to: number | undefined) =>
  from === to ? `at ${to} % as before` : `from ${from} % to ${to} %`;

type Share = { readonly of: CounterName; readonly bad: CounterName };

const ERRORS = { of: 'requests', bad: 'errors', name: 'error rate' } as const;
const SHARES: Readonly<Record<string, Share>> = {
  tool_failure_rate: { of: 'tool_calls', bad: 'tool_failures' },
  prompt_injection_rate: { of: 'requests', bad: 'injections' },
  unexpected_tool_rate: { of: 'requests', bad: 'unexpected_tools' },
  goal_completion_rate: { of: 'goals', bad: 'goals_missed' },
  negative_feedback_rate: { of: 'feedback', bad: 'negative_feedback' },
};

type Point = { readonly to: number; readonly candidate: number; readonly stable?: number };

const POINTS_MIN = 2;
const POINTS_MAX = 12;

/** Neighbouring windows together, so that the whole release fits; where nothing came, no point. */
function pointsOf(windows: readonly EvidenceWindow[], share: Share): readonly Point[] {
  const size = Math.ceil(windows.length / POINTS_MAX) || 1;
  const starts = Array.from({ length: Math.ceil(windows.length / size) }, (_, at) => at * size);
  return starts.flatMap((start): Point[] => {
    const together = windows.slice(start, start + size);
    const candidate = percentOf(
      together.map((window) => window.candidate),
      share,
    );
    const stable = percentOf(
      together.map((window) => window.stable),
      share,
    );
    const to = together.at(-1)?.to;
    if (candidate === undefined || to === undefined) return [];
    return [{ to, candidate, ...(stable !== undefined && { stable }) }];
  });
}

function percentOf(counts: readonly Counts[], share: Share): number | undefined {
  const sum = (name: CounterName) => counts.reduce((all, one) => all + (one[name] ?? 0), 0);
  const observations = sum(share.of);
  if (observations === 0) return undefined;
  return Number(((100 * sum(share.bad)) / observations).toFixed(1));
}

const NAME_CHARACTERS_MAX = 20;

/** How long after the first count; readers live in many time zones, and labels are not translated. */
function labelsOf(points: readonly Point[], startedAt: number): readonly string[] {
  const labels = points.map(({ to }) => clip(inWords(to - startedAt), NAME_CHARACTERS_MAX));
  return new Set(labels).size === labels.length
    ? labels
    : labels.map((_, at) => `${at + 1} of ${labels.length}`);
}

function namesOf(candidate: string, stable: string): readonly [string, string] {
  const [one, other] = [candidate, stable].map((name) => clip(name, NAME_CHARACTERS_MAX));
  return one && other && one !== other ? [one, other] : ['candidate', 'stable'];
}
