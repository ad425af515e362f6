/** A service with steps that nobody has to approve, so that a start moves traffic at once. */
import { HOUR_MS, SECOND_MS } from '#domain/time.ts';
import { aPlan } from '#test/support/builders.ts';
import { someSettings } from '#test/support/some-settings.ts';

export const HOUSE = 'support-agent';

export const SETTINGS = someSettings({
  plan: {
    steps: [10, 100].map((weightPercent) => ({ weightPercent, dwellMs: HOUR_MS, approval: false })),
    rollback: { ...aPlan().rollback, lockCandidate: false, stabilityWindowMs: SECOND_MS },
  },
  settings: { alerts: { unseenAfterMs: HOUR_MS } },
});
