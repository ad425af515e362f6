/** What does the evidence say about the candidate at this moment? */
import type { EvidenceWindow, Reading } from '#domain/evidence.ts';
import { assess, type Finding } from '#domain/policy/assess.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import { explain, type Versions } from '#domain/policy/explain.ts';
import { figuresOf } from '#domain/policy/figures.ts';
import { type Folded, type Poll, takePoll, takeReading } from '#domain/policy/fold.ts';
import type { Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { elapsedMs, type Instant } from '#domain/time.ts';
import type { Figures, Verdict } from '#domain/verdict.ts';

/** Where the release stands, and the names that people know the arms by. */
export type Situation = Place &
  Versions & {
    readonly at: Instant;
    readonly dwellOver: boolean;
  };

export { judgeRecovery } from '#domain/policy/recovery.ts';

export type Judged = {
  readonly state: EvidenceState;
  readonly verdict: Verdict;
  /** The window that this poll filled, to be kept with the verdict. */
  readonly closed?: EvidenceWindow;
};

/** Takes a reading of running totals and says what follows from all that is known. */
export function judge(
  policy: Policy,
  before: EvidenceState,
  situation: Situation & { readonly reading: Reading },
): Judged {
  const { at, reading } = situation;
  const folded = takeReading(policy, before, { at, reading, place: situation });
  const agoMs = reading.says === 'counted' ? elapsedMs(reading.at, at) : 0;
  return conclude(policy, folded, situation, agoMs);
}

/** The same for counts that somebody else has already told apart by poll. */
export function judgePoll(
  policy: Policy,
  before: EvidenceState,
  situation: Situation & { readonly poll: Poll },
): Judged {
  return conclude(policy, takePoll(policy, before, situation, situation.poll), situation, 0);
}

function conclude(
  policy: Policy,
  { state, closed }: Folded,
  situation: Situation,
  readingAgoMs: number,
): Judged {
  const figures = figuresOf(policy, state, situation);
  const verdictNow = (): Verdict => {
    const finding = assess(policy, state, { ...situation, figures, readingAgoMs });
    const words = explain(policy, state, { ...situation, figures, finding });
    return verdictOf(finding, words, figures);
  };
  // A stop stays: no later evidence turns it back.
  const verdict: Verdict = state.stopped
    ? { says: 'stop', ...state.stopped, figures }
    : verdictNow();
  const { says, reason, words } = verdict;
  const stopped = says === 'stop' ? { reason, words } : null;
  return { state: { ...state, stopped }, verdict, ...(closed && { closed }) };
}

function verdictOf(finding: Finding, words: string, figures: Figures): Verdict {
  switch (finding.says) {
    case 'stop':
      return { says: 'stop', reason: finding.reason, words, figures };
    case 'hold':
      return {
        says: 'hold',
        reason: finding.reason,
        words,
        figures,
        ...(finding.because === 'both_failed' && { because: finding.because }),
      };
    case 'allow':
      return { says: 'allow', reason: 'within_limits', words, figures };
  }
}
