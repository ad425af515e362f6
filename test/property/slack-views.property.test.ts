import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertMessage } from '#adapters/slack/views/alert.ts';
import { alertFollowUp } from '#adapters/slack/views/alert-follow-up.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { channelNotice } from '#adapters/slack/views/channel-notice.ts';
import { flagRequest } from '#adapters/slack/views/flag-request.ts';
import { releaseCard } from '#adapters/slack/views/release-card.ts';
import { threadNote } from '#adapters/slack/views/thread-note.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import type { Actor } from '#domain/actor.ts';
import type { Counts, EvidenceWindow } from '#domain/evidence.ts';
import { newFlag } from '#domain/flag.ts';
import { GUARD_LIMITS, type Guard, type GuardName } from '#domain/guard.ts';
import type { Plan } from '#domain/plan.ts';
import { previewPlan } from '#domain/policy/planner.ts';
import type { PhaseState, Release } from '#domain/release.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { LineFigures, Verdict } from '#domain/verdict.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import { aPlan, noon } from '#test/support/builders.ts';
import { complaintsAbout } from '#test/support/golden.ts';

/** What somebody might type or configure to make a message say what they like. */
const NASTY = [
  '<!channel>',
  '<@U0BO>',
  '<#C1>',
  '<https://evil.example|ok>',
  '&lt;',
  '*_~`',
  '\u202e',
  '\u0000',
];
const typed = (charactersMax: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme' })), { maxLength: 80 })
    .map((parts) => parts.join('').slice(0, charactersMax));
const longTyped = fc.oneof(
  typed(500),
  fc.constantFrom('&'.repeat(500), '<'.repeat(500), 'x'.repeat(500)),
);
const version = fc.oneof(fc.constantFrom('2.4.0', `2.${'9'.repeat(61)}`));
const service = fc.constantFrom('support-agent', `${'s'.repeat(63)}/${'e'.repeat(32)}`);
const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant<Actor>({ kind: 'user', id: 'U0ANA' }),
  fc.constant<Actor>({ kind: 'policy', id: 'policy' }),
  fc.constant<Actor>({ kind: 'token', id: '<ci>&' }),
);

const guardNames = Object.keys(GUARD_LIMITS) as GuardName[];
/** Twenty guards at most: more than there are names, since own ones count too. */
const plan: fc.Arbitrary<Plan> = fc
  .record({
    steps: fc.integer({ min: 1, max: 20 }),
    guards: fc.integer({ min: 0, max: 11 }),
    custom: fc.integer({ min: 0, max: 9 }),
    testers: fc.array(longTyped, { maxLength: 50 }),
  })
  .map(({ steps, guards, custom, testers }) =>
    aPlan({
      testers,
      steps: Array.from({ length: steps }, (_, index) => ({
        weightPercent: Math.min(100, index * 5),
        dwellMs: DAY_MS,
        approval: true,
      })),
      guards: guardNames
        .slice(0, guards)
        .map((name): Guard => ({ name, limit: 0.05, versusStable: { margin: 0.1 } })),
      customGuards: Array.from({ length: custom }, (_, index) => ({
        name: `custom_${'q'.repeat(50)}${index}` as const,
        query: 'up',
        max: 1e6,
        forMs: DAY_MS,
      })),
    }),
  );

const tally = fc.record({ observations: fc.nat(1e9), bad: fc.nat(1e6) });
const line: fc.Arbitrary<LineFigures> = fc.record(
  {
    guard: fc.constantFrom<string>(...guardNames),
    against: fc.constantFrom('limit', 'stable'),
    candidate: tally,
    stable: tally,
    inStep: fc.record({ candidate: tally, stable: tally }),
    rise: fc.record({ candidate: tally, stable: tally, overMs: fc.nat() }),
    limit: fc.double({ min: 0, max: 1e6, noNaN: true }),
    slowerThan: fc.nat(1e6),
    cap: fc.nat(1e6),
    logEvidence: fc.double({ min: -50, max: 50, noNaN: true }),
  },
  { requiredKeys: ['guard', 'against', 'candidate', 'stable', 'inStep', 'logEvidence'] },
) as fc.Arbitrary<LineFigures>;
const verdict: fc.Arbitrary<Verdict> = fc
  .record({
    lines: fc.array(line, { maxLength: 20 }),
    words: fc.oneof(longTyped, fc.constant(`Stop: sla_breach. ${'<&>'.repeat(2_000)}`)),
    kind: fc.constantFrom(
      { says: 'stop', reason: 'sla_breach' } as const,
      { says: 'hold', reason: 'no_data' } as const,
      { says: 'allow', reason: 'within_limits' } as const,
    ),
  })
  .map(({ lines, words, kind }) => ({
    ...kind,
    words,
    figures: {
      lines,
      logEvidence: 1,
      windows: 3,
      windowsInStep: 3,
      overMs: DAY_MS,
      ...(lines.length > 0 && { leading: 0 }),
    },
  }));

type Parts = {
  by: Actor;
  reason: string;
  from: string;
  to: string;
  judged: boolean;
  steps: number;
};
const phases: readonly ((parts: Parts) => PhaseState)[] = [
  ({ by, judged }) => ({ phase: 'proposed', ask: { step: 0, by, at: noon, judged } }),
  ({ judged }) => ({ phase: 'progressing', step: 0, since: noon, judged }),
  ({ by, judged, steps }) => ({
    phase: 'progressing',
    step: steps - 1,
    since: noon,
    judged,
    ask: { step: Math.max(0, steps - 1), by, at: noon, judged },
    grantedUpTo: steps - 1,
  }),
  ({ by, judged }) => ({
    phase: 'progressing',
    step: 0,
    since: noon,
    judged,
    declinedBy: by,
    stopAskedAt: noon,
  }),
  ({ by, reason, judged }) => ({ phase: 'paused', step: 0, since: noon, judged, by, reason }),
  ({ by, reason, from, to }) => ({ phase: 'rolling_back', since: noon, by, reason, from, to }),
  ({ by, reason, from, to }) => ({ phase: 'recovering', since: noon, by, reason, from, to }),
  ({ by, reason, from, to }) => ({ phase: 'rolled_back', at: noon, by, reason, from, to }),
  ({ judged }) => ({
    phase: 'completed',
    at: noon,
    watchUntil: later(noon, DAY_MS),
    watchOver: false,
    judged,
  }),
  ({ by, reason }) => ({ phase: 'aborted', at: noon, by, reason }),
  ({ by, reason }) => ({ phase: 'declined', at: noon, by, reason }),
];

const release: fc.Arbitrary<Release> = fc
  .record({
    plan,
    service,
    stable: version,
    candidate: version,
    note: longTyped,
    by: actor,
    reason: longTyped,
    judged: fc.boolean(),
    approvals: fc.nat(20),
    verdict: fc.option(verdict, { nil: undefined }),
    phase: fc.constantFrom(...phases),
  })
  .map(
    ({
      plan,
      service,
      stable,
      candidate,
      note,
      by,
      reason,
      judged,
      approvals,
      verdict,
      phase,
    }) => ({
      facts: {
        id: 123_456,
        service,
        stable,
        candidate,
        plan,
        digest: 'a'.repeat(64),
        requestedBy: by,
        requestedAt: noon,
        note,
        earlierAttempts: 2,
      },
      approvals: Array.from({ length: approvals }, (_, step) => ({
        step,
        upToStep: Math.min(step, plan.steps.length - 1),
        by,
        at: noon,
        digest: '',
        judged,
      })),
      excluded: [by],
      evidence: null,
      incident: { openedAt: noon },
      ...(verdict && { verdict }),
      ...phase({ by, reason, from: candidate, to: stable, judged, steps: plan.steps.length }),
    }),
  );

const settings = fc.record({
  people: fc.record({
    operators: fc.constant([]),
    approvers: fc.array(fc.constantFrom('S0APPROVERS', 'U0BO', '<!here>'), { maxLength: 40 }),
  }),
  links: fc.dictionary(typed(100), fc.oneof(longTyped, fc.webUrl({ withQueryParameters: true }))),
  contact: longTyped,
});

const counts: fc.Arbitrary<Counts> = fc.record({
  requests: fc.nat(1e6),
  errors: fc.nat(1e6),
  tool_calls: fc.nat(1e6),
  tool_failures: fc.nat(1e6),
});
/** Of any length, with gaps, and some as short as clocks allow. */
const windows: fc.Arbitrary<EvidenceWindow[]> = fc
  .array(fc.record({ candidate: counts, stable: counts, ms: fc.nat(DAY_MS) }), { maxLength: 60 })
  .map((drawn) => {
    let from = noon;
    return drawn.map(({ ms, ...arms }) => {
      const window = { from, to: later(from, ms), weightPercent: 10, ...arms };
      from = window.to;
      return window;
    });
  });

/** All that Slack reads as markup: mrkdwn texts and the message's own text. */
function markup({ text, blocks }: View): readonly string[] {
  const inside = (value: unknown): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap(inside);
    if (typeof value !== 'object' || value === null) return [];
    const fields = Object.entries(value);
    const own =
      'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : [];
    return [...own, ...fields.flatMap(([, field]) => inside(field))];
  };
  return [text, ...inside(blocks as readonly KnownBlock[])];
}

/** The tokens that the views themselves write; anything else live came from a person. */
const OWN =
  /<@U0ANA>|<@U0BO>|<!subteam\^S0APPROVERS>|<!date\^\d+\^[^|>]*\|[^>]*>|<https?:\/\/[^\s<>|]+\|[^<>|]*>/g;

function isHarmless(view: View): void {
  expect(complaintsAbout(view)).toEqual([]);
  for (const text of markup(view)) {
    const rest = text.replaceAll(OWN, '');
    expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(text).not.toContain('https://evil.example|ok>');
  }
}

/** The longest there can be; what it says does not depend on who typed what. */
const preview = previewPlan(
  aPlan({
    steps: Array.from({ length: 20 }, (_, at) => ({
      weightPercent: at * 5,
      dwellMs: DAY_MS,
      approval: true,
    })),
  }),
  { requestsPerDay: 900, distinctKeys: 100, badRate: 0.2 },
);

const nasty = NASTY.join('');
const build: RegisteredVersion = {
  service: 'support-agent',
  version: '2.4.0',
  commit: nasty,
  authors: Array.from({ length: 50 }, () => nasty),
  link: 'https://evil.example|ok>',
  components: Array.from({ length: 50 }, () => ({
    name: nasty,
    version: nasty,
    reversibility: 'irreversible',
  })),
  registeredBy: { kind: 'token', id: 'ci' },
  registeredAt: noon,
};

test('every card is within Slack’s limits, and nothing that people typed is live in it', () => {
  fc.assert(
    fc.property(release, settings, fc.boolean(), windows, (drawn, known, isLocked, counted) => {
      isHarmless(
        releaseCard({
          release: drawn,
          settings: known,
          isCurrent: true,
          isLocked,
          preview,
          windows: counted,
          build,
        }),
      );
    }),
    { numRuns: 300 },
  );
});

test('so is every alert, and everything told in threads and channels', () => {
  fc.assert(
    fc.property(release, settings, verdict, longTyped, actor, (drawn, known, says, reason, by) => {
      const switchesOn = Array.from({ length: 20 }, (_, index) => `${'k'.repeat(62)}${index}`);
      isHarmless(
        alertMessage({
          release: drawn,
          settings: known,
          isCurrent: true,
          isLocked: true,
          switchesOn,
        }),
      );
      const { service: name, candidate } = drawn.facts;
      for (const view of [
        alertFollowUp(name, { what: 'rolling_back', from: candidate, to: candidate, by, reason }),
        alertFollowUp(name, { what: 'stop_asked', verdict: says, timeoutMs: DAY_MS }),
        alertFollowUp(name, { what: 'not_recovering', words: reason }),
        alertFollowUp(name, { what: 'unlocked', version: candidate, by, reason }),
        threadNote(drawn.facts, { what: 'paused', by, reason }, known.people),
        threadNote(drawn.facts, { what: 'held_too_long', verdict: says, heldMs: 5 }, known.people),
        threadNote(
          drawn.facts,
          { what: 'approval_asked', step: 0, by, judged: true },
          known.people,
        ),
        channelNotice({ what: 'kill_on', name, by, reason }, true),
        channelNotice({ what: 'flag_changed', key: 'k'.repeat(133), from: reason, to: reason, by }),
        flagRequest({
          flag: {
            ...newFlag('k'.repeat(133)),
            requests: 1,
            request: { id: 1, value: { state: 'on', percent: 100 }, by, at: noon },
          },
          request: 1,
          people: known.people,
        }),
      ])
        isHarmless(view);
    }),
    { numRuns: 300 },
  );
});

test('a person’s text is short, visible and not live, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(longTyped, fc.string({ unit: 'binary', maxLength: 2_000 })), (text) => {
      const shown = fromPerson(text);
      expect(shown).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(shown).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
      expect(shown.replaceAll(/&(amp|lt|gt);/g, '&').length).toBeLessThanOrEqual(500);
    }),
  );
});
