import { describe, expect, test } from 'vitest';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import type { Refusal } from '#domain/refusal.ts';

const BO = { kind: 'user', id: 'U0BO' } as const;

describe('a refusal', () => {
  test.each<[Refusal, string]>([
    [
      { code: 'needs_second_person', excluded: BO },
      'Nothing was done: <@U0BO> asked for this, so an approver who is somebody else has to say yes.',
    ],
    [
      { code: 'too_early', waitMs: 5_400_000 },
      'Nothing was done: this step has to last another 1 h 30 min, so that there is something to judge by. After that it goes on by itself, or *Promote* works.',
    ],
    [
      { code: 'unknown_service', service: 'suport-agent', known: ['billing', 'support-agent'] },
      'There is no service “suport-agent”. Did you mean “support-agent”? Known services: billing, support-agent.',
    ],
    [
      { code: 'unknown_service', service: 'x', known: [] },
      'There is no service “x”. Known services: none.',
    ],
    [
      { code: 'wrong_phase', phase: 'completed', intent: 'pause' },
      'Nothing was done: the release is completed, and then it cannot be paused. `/rollout status` shows what is possible now.',
    ],
    [
      { code: 'already_decided', by: BO, decision: 'approved' },
      'This is approved already, by <@U0BO>. There is nothing left to do.',
    ],
    [
      { code: 'version_locked', version: '2.4.0', reason: 'errors <!here>' },
      '2.4.0 is locked: “errors &lt;!here&gt;”. Release a newer version, or let an operator lift the lock with `/rollout unlock`, the service, 2.4.0 and a reason.',
    ],
    [
      {
        code: 'version_locked',
        version: '2.4.0',
        reason: 'Stop: sla_breach. In 3 minutes 2.4.0 failed 30 of 60 requests.',
      },
      '2.4.0 is locked: “Stop: a limit is broken. In 3 minutes 2.4.0 failed 30 of 60 requests”. Release a newer version, or let an operator lift the lock with `/rollout unlock`, the service, 2.4.0 and a reason.',
    ],
  ])('%# says what happened, why, and what to do next', (refusal, words) => {
    expect(refusalWords(refusal)).toBe(words);
  });

  test('names twenty services at most', () => {
    const known = Array.from({ length: 25 }, (_, at) => `agent-${at}`);
    expect(refusalWords({ code: 'unknown_service', service: 'other', known })).toContain(
      'agent-19 and 5 more.',
    );
  });

  test('repeats the numbers of the verdict that stands in the way', () => {
    const words = 'Hold: suspicion. 2.4.0 failed 5 of 30 requests (16.7 %) & more.';
    const figures = { logEvidence: 3, lines: [], windows: 3, windowsInStep: 3, overMs: 180_000 };
    const verdict = { says: 'hold', reason: 'suspicion', words, figures } as const;
    expect(refusalWords({ code: 'not_allowed_yet', verdict })).toContain('5 of 30 requests');
    expect(refusalWords({ code: 'not_allowed_yet', verdict })).toContain('&amp; more');
  });
});
