import { expect, test } from 'vitest';
import { type AuditDraft, asDecimal, auditBody, canonicalJson } from '#domain/audit.ts';
import { VERDICT_REASONS } from '#domain/verdict.ts';
import { chidi, noon } from '#test/support/builders.ts';

const draft: AuditDraft = {
  at: noon,
  actor: chidi.actor,
  action: 'pause',
  target: { service: 'support-agent', release: 12 },
  from: '2.3.3',
  to: '2.4.0',
  reason: 'lunch',
  outcome: 'done',
};

test('an entry says what happened, and leaves out what does not apply', () => {
  expect(auditBody(draft, { signalman: '0.1.0' })).toEqual({
    v: 1,
    at: '2026-11-20T12:00:00.000Z',
    actor: { kind: 'user', id: 'U0CHIDI' },
    action: 'pause',
    target: { service: 'support-agent', release: 12 },
    from: '2.3.3',
    to: '2.4.0',
    reason: 'lunch',
    outcome: 'done',
    signalman: '0.1.0',
  });
});

test('an entry says all that is known of it', () => {
  const known: AuditDraft = {
    ...draft,
    // A row may hold a gap where the type has none.
    target: { service: 'support-agent', version: undefined } as unknown as AuditDraft['target'],
    step: { number: 1, weightPercent: 10 },
    switchStatus: 'owed',
    details: { attempt: 1 },
  };
  const body = auditBody(known, { signalman: '0.1.0', request: 'key' });
  expect(body).toMatchObject({
    target: { service: 'support-agent' },
    step: { number: 1, weight_percent: 10 },
    switch_status: 'owed',
    details: { attempt: 1 },
    request: 'key',
  });
  expect(Object.keys(body.target as object)).toEqual(['service']);
});

test('the reasons of a verdict are a closed list, which scripts and auditors rely on', () => {
  expect(VERDICT_REASONS).toEqual({
    stop: ['sla_breach', 'error_spike', 'rollback_required'],
    hold: ['no_data', 'sample_ratio', 'suspicion', 'not_enough_evidence'],
    allow: ['within_limits'],
  });
});

test('the bytes that are hashed are the same whoever writes them', () => {
  expect(
    canonicalJson({ b: [1, 'two', null, true], a: { d: -3, c: 'e\u0301' }, é: '\ud800' }),
  ).toBe('{"a":{"c":"é","d":-3},"b":[1,"two",null,true],"é":"\ufffd"}');
});

test('a number that others may print differently is no part of an entry', () => {
  expect(() => canonicalJson({ rate: 0.1 })).toThrow('Broken invariant: 0.1 in an audit entry');
  expect(asDecimal(0.1 + 0.2)).toBe('0.3');
  expect(asDecimal(1 / 3)).toBe('0.333333');
});
