/** The forms as a reviewer reads them, each held against what Slack takes. */
import type { ModalView } from '@slack/types';
import { expect, test } from 'vitest';
import {
  confirmKillModal,
  killModal,
  killModalFor,
} from '#adapters/slack/inbound/modals/kill-modal.ts';
import { declineModal, unlockModal } from '#adapters/slack/inbound/modals/reason-modals.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import { reviewModal } from '#adapters/slack/inbound/modals/review-modal.ts';
import { rollbackModal } from '#adapters/slack/inbound/modals/rollback-modal.ts';
import { ANYTHING, foundModal, searchModal } from '#adapters/slack/inbound/modals/search-modals.ts';
import {
  startModal,
  startModalFilled,
  startModalFor,
} from '#adapters/slack/inbound/modals/start-modal.ts';
import { yes } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { viewAsText } from '#sandbox/slack/as-text.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { approve, aService, chidi, noon, start } from '#test/support/builders.ts';
import { momentsAsText } from '#test/support/golden.ts';
import { releaseStory } from '#test/support/release-story.ts';
import { answers } from '#test/support/slack-bot.ts';

async function asked() {
  const { deps, store } = await answers();
  const supportAgent = { kind: 'service', name: 'support-agent' } as const;
  const keep = async (next: Service) => {
    await store.change(supportAgent, () => yes({ next, owes: [] }), { at: noon });
  };
  return { deps, keep };
}

async function showsAs(name: string, view: ModalView) {
  expect(checkView(view, 'modal').map(({ pointer, message }) => `${pointer}: ${message}`)).toEqual(
    [],
  );
  await expect(`${momentsAsText(viewAsText(view))}\n`).toMatchFileSnapshot(
    `../../golden/form-${name}.txt`,
  );
}

const ASKED = { service: 'support-agent', release: 12, version: '2.4.0' };

test('a start begins without a choice, and then shows what the service takes', async () => {
  const { deps } = await asked();
  const entered = { service: 'support-agent', version: '2.4.0', strategy: '' };
  await showsAs('start', startModal(deps));
  await showsAs('start-entered', startModalFor(deps, entered));
  // There are two services here, so nobody can know which one is meant.
  expect(startModalFilled(deps)).toBeUndefined();
});

test('a kill shows what it stops once it is known, before anybody confirms it', async () => {
  const { deps } = await asked();
  const entered = { chosen: 'global', typed: '', environment: '' };
  await showsAs('kill', killModal(deps));
  await showsAs('kill-entered', await killModalFor(deps, entered));
  await showsAs('kill-confirm', confirmKillModal({ killswitch: 'global', reason: 'fire' }));
});

test('whoever declines reads what was asked and what becomes of it', async () => {
  const { deps, keep } = await asked();
  const story = releaseStory(aService()).at(0, start());
  await keep(story.service());
  await showsAs('decline', declineModal(deps, ASKED));
  await keep(story.at(1, approve(0)).watchedUntil(80).service());
  await showsAs('decline-step', declineModal(deps, ASKED));
  const gone = viewAsText(declineModal(deps, { ...ASKED, release: 11 }));
  expect(gone).toContain('Nothing is asked for #11 of support-agent any more.');
});

test('whoever reviews an emergency reads what was done and why', async () => {
  const { deps } = await asked();
  const intent = { to: 'on', by: chidi, reason: 'it <deletes> too much' } as const;
  await throwKillSwitch({ ...deps, override: deps.snapshots }, { name: 'writes', intent });
  const [waiting] = deps.queries.waitingReviews();
  if (!waiting) throw new Error('it waits for its review');
  await showsAs('review', reviewModal(deps, waiting.entry));
  expect(viewAsText(reviewModal(deps, 0))).toContain('Nothing of that kind waits');
});

test('whoever unlocks reads by which numbers it was locked', async () => {
  const { deps, keep } = await asked();
  const bad = { bad: 0.412 };
  const story = releaseStory(aService()).at(0, start()).at(1, approve(0)).watchedUntil(60, bad);
  await keep(story.service());
  await showsAs('unlock', unlockModal(deps, ASKED));
});

test('a message that becomes a rollback reason says what goes back, or what else stops agents', async () => {
  const { deps, keep } = await asked();
  const link = 'https://signal-box.slack.com/archives/C0AGENTOPS/p1763640000000100';
  const quoted = { text: 'It told &lt;@U0ANA&gt; to *delete* the account', link };
  await showsAs('rollback-nothing', rollbackModal(deps, quoted));
  const story = releaseStory(aService()).at(0, start()).at(1, approve(0)).watchedUntil(20);
  await keep(story.service());
  await showsAs('rollback', rollbackModal(deps, quoted));
});

test('what came of a form is shown in its place', () =>
  showsAs('result', resultModal({ text: 'Proposed #1: support-agent from 2.3.3 to 2.4.0.' })));

test('a search asks for one thing or another, and says when nothing is like that', async () => {
  const { deps } = await asked();
  await showsAs('search', searchModal(deps, { ...ANYTHING, person: 'U0BO', action: 'start' }));
  await showsAs('search-found', foundModal(deps, { ...ANYTHING, action: 'abort' }));
});
