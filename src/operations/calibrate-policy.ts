/**
 * How often would the policy have stopped stable itself? Random cohorts of recorded traffic play the
 * candidate. They are drawn by key, as a release draws them: splitting request by request would pull
 * clusters apart, and the answer would always be reassuring.
 */
import type { AgentLog } from '#domain/agent-log.ts';
import { BUCKETS, bucketOf } from '#domain/bucketing.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgePoll } from '#domain/policy/judge.ts';
import { limitPercent, whole } from '#domain/policy/wording.ts';
import { countLogs } from '#domain/roll-up.ts';
import { asInstant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Tuning } from '#operations/replay-policy.ts';

export type Calibration = {
  readonly cohorts: number;
  readonly requests: number;
  readonly polls: number;
  readonly stopped: number;
  readonly suspected: number;
  /** How often each reason and guard stopped a cohort. */
  readonly causes: Readonly<Record<string, number>>;
};

/** What came before the release teaches the forecast and the clusters. */
const HISTORY_SHARE = 0.25;
const FALSE_STOPS_MAX = 0.01;

export function calibratePolicy(
  logs: readonly AgentLog[],
  tuning: Tuning,
  cohorts: number,
): Calibration {
  const polls = pollsOf(logs, tuning.policy.pollMs);
  const begin = Math.floor(polls.length * HISTORY_SHARE);
  const past = polls.slice(0, begin).map(countLogs);
  const opened = openEvidence(tuning.policy, past);
  const causes: Record<string, number> = {};
  let suspected = 0;
  for (let cohort = 0; cohort < cohorts; cohort += 1) {
    const end = replayCohort(opened, polls.slice(begin), tuning, `calibration-${cohort}`);
    if (end.isSuspected) suspected += 1;
    if (end.stop) causes[causeOf(end.stop)] = (causes[causeOf(end.stop)] ?? 0) + 1;
  }
  const stopped = Object.values(causes).reduce((sum, count) => sum + count, 0);
  return { cohorts, requests: logs.length, polls: polls.length, stopped, suspected, causes };
}

export function calibrationWords({ cohorts, requests, polls, stopped, causes }: Calibration) {
  const share = cohorts > 0 ? stopped / cohorts : 0;
  const counted = `${whole(requests)} requests in ${whole(polls)} polls, ${whole(cohorts)} random cohorts of stable traffic as candidates.`;
  const said = `${whole(stopped)} of ${whole(cohorts)} (${limitPercent(share)}) would have been stopped; at most ${limitPercent(FALSE_STOPS_MAX)} are promised.`;
  if (share <= FALSE_STOPS_MAX) return [counted, said];
  const led = Object.entries(causes).toSorted(([, a], [, b]) => b - a);
  return [
    counted,
    said,
    `Most often: ${led.map(([cause, count]) => `${cause} (${count})`).join(', ')}.`,
    'That is no bad luck: errors come in clusters, or single keys are heavy. Count sessions instead of requests, or keep more history.',
  ];
}

/** Every poll of the recorded time, the silent ones too. */
function pollsOf(logs: readonly AgentLog[], pollMs: number): (readonly AgentLog[])[] {
  const byPoll = Map.groupBy(logs, ({ at }) => Math.floor(at / pollMs));
  const numbers = [...byPoll.keys()];
  if (numbers.length === 0) return [];
  const first = numbers.reduce((least, one) => Math.min(least, one));
  const last = numbers.reduce((most, one) => Math.max(most, one));
  return Array.from({ length: last - first + 1 }, (_, index) => byPoll.get(first + index) ?? []);
}

type End = { readonly stop?: Verdict; readonly isSuspected: boolean };

function replayCohort(
  opened: EvidenceState,
  polls: readonly (readonly AgentLog[])[],
  { policy, ladder }: Tuning,
  group: string,
): End {
  const rungs = ladder.filter((rung) => rung > 0 && rung < 100);
  let state = opened;
  let isSuspected = false;
  for (const [index, logs] of polls.entries()) {
    const step = Math.floor((index * rungs.length) / polls.length);
    const weightPercent = rungs[step] ?? 50;
    const [own, others] = split(logs, group, weightPercent);
    const judged = judgePoll(policy, state, {
      at: asInstant((index + 1) * policy.pollMs),
      step,
      weightPercent,
      nextWeightPercent: rungs[step + 1] ?? 100,
      mode: 'step',
      dwellOver: true,
      candidate: 'the cohort',
      stable: 'the rest',
      poll: {
        from: asInstant(index * policy.pollMs),
        to: asInstant((index + 1) * policy.pollMs),
        candidate: countLogs(own),
        stable: countLogs(others),
      },
    });
    state = judged.state;
    isSuspected ||= judged.verdict.reason === 'suspicion';
    if (judged.verdict.says === 'stop') return { stop: judged.verdict, isSuspected: true };
  }
  return { isSuspected };
}

/** Requests without a key have nobody to stay with, so each goes its own way. */
function split(logs: readonly AgentLog[], group: string, weightPercent: number) {
  const own: AgentLog[] = [];
  const others: AgentLog[] = [];
  const most = (weightPercent * BUCKETS) / 100;
  for (const [index, log] of logs.entries()) {
    const key = log.key ?? `${log.at}/${index}`;
    (bucketOf(group, key) < most ? own : others).push(log);
  }
  return [own, others] as const;
}

function causeOf({ reason, figures }: Verdict): string {
  const guard = figures.lines[figures.leading ?? -1]?.guard;
  return guard === undefined ? reason : `${reason} by ${guard}`;
}
