/** A rule watches one release minute by minute and says when it would roll back. */
import type { Course, Minute } from '#test/bench/policy/world.ts';

export type Watch = (minute: Minute) => boolean;
export type Rule = { readonly name: string; readonly watch: (course: Course) => Watch };

export type Outcome = {
  readonly stopped: boolean;
  readonly minutes: number;
  readonly requests: number;
  readonly bad: number;
};

/** What the candidate had served when the rule stopped it, or at the end. */
export function follow(rule: Rule, course: Course): Outcome {
  const watch = rule.watch(course);
  let requests = 0;
  let bad = 0;
  for (const minute of course.minutes) {
    requests += minute.candidate.observations;
    bad += minute.candidate.bad;
    if (watch(minute)) return { stopped: true, minutes: minute.minute + 1, requests, bad };
  }
  return { stopped: false, minutes: course.minutes.length, requests, bad };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
