/** The policy of this project, exactly as a release is judged. */
import type { Counts } from '#domain/evidence.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgePoll } from '#domain/policy/judge.ts';
import { NO_WORSE_THAN_STABLE, type Policy, policyWithoutPlan } from '#domain/policy/policy.ts';
import type { Tally } from '#domain/statistics/bet.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Rule } from '#test/bench/policy/rule.ts';
import type { Course, Minute } from '#test/bench/policy/world.ts';

export const countsOf = ({ observations, bad }: Tally): Counts => ({
  requests: observations,
  errors: bad,
});

export const ourPolicy = policyWithoutPlan(NO_WORSE_THAN_STABLE, 6);

type Variant = {
  readonly name: string;
  readonly policy?: Policy;
  /** The evidence at which this variant stops; the policy itself stops at 100. */
  readonly logStop?: number;
  readonly isTempered?: boolean;
};

export function ourRule({ name, policy = ourPolicy, logStop, isTempered = true }: Variant): Rule {
  return {
    name,
    watch: (course) => {
      const see = judging(policy, course, isTempered);
      return (minute) => {
        const { says, figures } = see(minute);
        return logStop === undefined ? says === 'stop' : figures.logEvidence >= logStop;
      };
    },
  };
}

/** The verdict on each minute of a course, the last step asking to go on to 100 %. */
export function judging(policy: Policy, course: Course, isTempered = true) {
  let state = openEvidence(policy, course.history.map(countsOf));
  if (!isTempered) state = untempered(state);
  return (minute: Minute): Verdict => {
    const next = course.minutes.find(({ step }) => step > minute.step)?.weightPercent ?? 100;
    const judged = judgePoll(policy, state, {
      at: asInstant((minute.minute + 1) * MINUTE_MS),
      step: minute.step,
      weightPercent: minute.weightPercent,
      nextWeightPercent: next,
      mode: 'step',
      dwellOver: true,
      candidate: '2.4.0',
      stable: '2.3.3',
      poll: {
        from: asInstant(minute.minute * MINUTE_MS),
        to: asInstant((minute.minute + 1) * MINUTE_MS),
        candidate: countsOf(minute.candidate),
        stable: countsOf(minute.stable),
      },
    });
    state = judged.state;
    return judged.verdict;
  };
}

const untempered = (state: EvidenceState): EvidenceState => ({
  ...state,
  lines: state.lines.map((line) => ({ ...line, temper: 1 })),
});
