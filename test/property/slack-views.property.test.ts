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
import type { Counts, EvidenceWindow } from '#domain/evidence.ts';
import { newFlag } from '#domain/flag.ts';
import { previewPlan } from '#domain/policy/planner.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import { actor, release, verdict } from '#test/support/any-release.ts';
import { aPlan, noon } from '#test/support/builders.ts';
import { complaintsAbout } from '#test/support/golden.ts';
import { longTyped, NASTY, saysNothingLive, typed } from '#test/support/harmless.ts';

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

function isHarmless(view: View): void {
  expect(complaintsAbout(view)).toEqual([]);
  saysNothingLive(view);
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
        channelNotice({ what: 'kill_on', name, by, reason }, { isOn: true }),
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
