import { describe, expect, test } from 'vitest';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { heard, missingArm } from '#domain/policy/silence.ts';
import { given, NOON, plan } from '#test/support/evidence.ts';

const _UNKNOWN = { reason: 'timeout', detail: 'after 5 s' } as const;
const totals = (requests: number, errors: number) => ({ requests, errors });
const healthy = { candidate: [10, 0], stable: [990, 10] } as const;

describe('a silent arm', () => {
  test('is merely quiet while chance explains it, and missing from then on', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.sees({ candidate: [0, 0], stable: [495, 5] }).says('allow', 'within_limits');
    story.sees({ candidate: [0, 0], stable: [495, 5] }).says('hold', 'no_data');
    expect(story.words()).toContain('2.4.0 counts nothing where about 10 requests were to be');
  });

  test('is missing at once when it is stable and the candidate goes on', () => {
    const story = given(plan()).at(1).seesOften(40, healthy);
    story.sees({ candidate: [10, 0], stable: [0, 0] }).says('hold', 'no_data');
  });

  test('is missing when both fall silent where thousands were usual', () => {
    const story = given(plan()).at(1).seesOften(40, healthy);
    story.sees({ candidate: [0, 0], stable: [0, 0] }).says('hold', 'no_data');
  });

  test('is missing when nothing was ever counted', () => {
    const story = given(plan())
      .at(1)
      .sees({ candidate: [0, 0], stable: [0, 0] });
    story.says('hold', 'no_data');
    expect(story.words()).toContain('Neither version has counted a single request.');
  });

  test.each([
    ['nothing, while both are heard', [50, 50, 50], 0, 0],
    ['of the candidate what stable says it should have had', [10, 0, 90], 7 + 10, 0],
    ['of stable what the candidate says', [10, 2, 0], 0, 3 + 18],
    ['of both a tenth of what is usual', [10, 0, 0], 7 + 0.5, 3 + 4.5],
    ['at full weight a tenth of what is usual, whatever stragglers say', [100, 0, 40], 7 + 5, 0],
    ['at full weight nothing of stable', [100, 8, 0], 0, 3],
  ] as const)(
    'is measured against what was to be expected: %s',
    (_, [weight, own, others], candidate, stable) => {
      const poll = { from: NOON, to: NOON, candidate: totals(own, 0), stable: totals(others, 0) };
      const before = {
        ...openEvidence(policyOf(plan()), []),
        traffic: { requests: 2_000, polls: 40 },
        silence: { candidate: 7, stable: 3 },
      };
      const { silence, traffic } = heard(before, poll, weight);
      expect(silence.candidate).toBeCloseTo(candidate, 9);
      expect(silence.stable).toBeCloseTo(stable, 9);
      expect(traffic).toEqual({ requests: 2_000 + own + others, polls: 41 });
    },
  );

  test('is missing from ten requests on, and stable is told of first', () => {
    const missing = (candidate: number, stable: number, traffic = { requests: 5, polls: 1 }) =>
      missingArm({
        ...openEvidence(policyOf(plan()), []),
        traffic,
        silence: { candidate, stable },
      });
    expect(missing(10 - 1e-9, 0)).toBe('candidate');
    expect(missing(0, 10 - 1e-9)).toBe('stable');
    expect(missing(9.99, 9.99)).toBeUndefined();
    expect(missing(50, 50)).toBe('stable');
    expect(missing(0, 0, { requests: 0, polls: 1 })).toBe('candidate');
    expect(missing(0, 0, { requests: 0, polls: 0 })).toBeUndefined();
  });

  test('is normal for stable at full weight', () => {
    const story = given(plan()).at(100, { step: 5 });
    story.seesOften(5, { candidate: [1_000, 5], stable: [0, 0] }).says('allow', 'within_limits');
  });
});
