/** Everything that people are shown over a database in which every word came from somebody else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout } from '#adapters/slack/inbound/answer-rollout.ts';
import { drawHome } from '#adapters/slack/inbound/home/draw-home.ts';
import { readHome } from '#adapters/slack/inbound/home/read-home.ts';
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
import { startModalFor } from '#adapters/slack/inbound/modals/start-modal.ts';
import { alertFollowUp } from '#adapters/slack/views/alert-follow-up.ts';
import { channelNotice } from '#adapters/slack/views/channel-notice.ts';
import { checkpointNotice } from '#adapters/slack/views/checkpoint-notice.ts';
import { digest } from '#adapters/slack/views/digest.ts';
import { inFallback, inPerson } from '#adapters/slack/views/elsewhere.ts';
import { lateAnswer } from '#adapters/slack/views/late-answer.ts';
import { reviewNote, reviewReminder } from '#adapters/slack/views/review.ts';
import { WELCOME } from '#adapters/slack/views/welcome.ts';
import type { Actor } from '#domain/actor.ts';
import { newFlag } from '#domain/flag.ts';
import { isLive, type Release } from '#domain/release.ts';
import { yes } from '#domain/result.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { actor, release } from '#test/support/any-release.ts';
import { aService, noon } from '#test/support/builders.ts';
import { longTyped, saysNothingLive } from '#test/support/harmless.ts';
import { answers } from '#test/support/slack-bot.ts';

type House = Awaited<ReturnType<typeof answers>>;
type Drawn = { readonly release: Release; readonly words: string; readonly by: Actor };
const drawn = fc.record({ release, words: longTyped, by: actor });

/** Puts somebody's words wherever words are kept: releases, locks, switches, flags, the register. */
async function aHouseFullOf(about: Drawn): Promise<House> {
  const house = await answers();
  const { store } = house;
  const { release: one, words, by } = about;
  const { service: name, candidate, stable } = one.facts;
  const lock = { version: candidate, release: one.facts.id, reason: words, by, at: noon };
  const owes = [] as const;
  const service = aService({ name, stable, locks: [lock], nextReleaseId: one.facts.id + 1 });
  await store.change(
    { kind: 'service', name },
    () => yes({ next: { ...service, ...(isLive(one) && { live: one }) }, owes }),
    { at: noon },
  );
  await store.change(
    { kind: 'killswitch', name: 'writes' },
    (state) => {
      const next = { ...state, isOn: true, reason: words, changedBy: by, changedAt: noon };
      const entry = { at: noon, actor: by, from: words, to: words, reason: words } as const;
      const target = { killswitch: words, service: words, flag: words, version: words };
      const audit = { ...entry, action: words, target, outcome: 'done' } as const;
      return yes({ next, owes, audit });
    },
    { at: noon },
  );
  await store.change(
    { kind: 'flag', name: 'new-tone' },
    () => {
      const request = { id: 1, value: { state: 'on', percent: 100 }, by, at: noon } as const;
      const next = { ...newFlag('new-tone'), requests: 1, request };
      const entry = { at: noon, actor: by, from: words, to: words, reason: words } as const;
      const audit = { ...entry, action: 'flag_ask', target: { flag: 'new-tone' } } as const;
      return yes({ next, owes, audit: { ...audit, outcome: 'refused' } });
    },
    { at: noon },
  );
  const unlocked = { at: noon, actor: by, action: 'unlock', from: words, to: words } as const;
  const of = { ...unlocked, target: { service: words, version: words }, reason: words } as const;
  await store.change(
    { kind: 'register', name: 'emergency' },
    () => yes({ next: null, owes, audit: { ...of, outcome: 'done' } }),
    { at: noon },
  );
  return house;
}

const SEEN_BY = ['U0ANA', 'U0BO', 'U0GUEST', 'U0NOBODY'];

async function homesOf({ deps }: House) {
  const facts = readHome(deps);
  const as = { teamId: 'T0SIGNAL' };
  return await Promise.all(
    SEEN_BY.map((userId) =>
      drawHome(deps, facts, { person: { userId, ...as }, filter: 'everything' }),
    ),
  );
}

async function formsOf({ deps, asking }: House, { release: one, words }: Drawn) {
  const { service, id, candidate } = one.facts;
  const value = { service, release: id, version: candidate };
  const search = { ...ANYTHING, service: words, action: words };
  return [
    startModalFor(deps, { service: words, version: words, strategy: words }),
    startModalFor(deps, { service: 'support-agent', version: words, strategy: 'canary' }),
    killModal(deps),
    await killModalFor(deps, { chosen: '', typed: words, environment: '' }),
    confirmKillModal({ killswitch: words, reason: words }),
    declineModal(deps, value),
    unlockModal(deps, value),
    ...deps.queries.waitingReviews().map(({ entry }) => reviewModal(deps, entry)),
    rollbackModal(deps, { text: words }),
    searchModal(deps, search),
    foundModal(deps, { ...search, from: words, to: words }),
    foundModal(deps, ANYTHING),
    resultModal(await answerRollout(deps, { ...asking('U0ANA'), text: 'list' })),
  ];
}

const ASKED = ['help', 'list', 'status', 'flag list', 'history', 'why', 'whois'];

async function answersOf({ deps, asking, passMs }: House, { release: one, words }: Drawn) {
  const texts = ASKED.flatMap((what) => [what, `${what} ${one.facts.service}`, `${what} ${words}`]);
  // More than one person may ask in a minute.
  passMs(60_000);
  const heard = texts.map((text) => answerRollout(deps, { ...asking('U0ANA'), text }));
  for (const text of ['list', 'help', words])
    heard.push(answerKillswitch(deps, { ...asking('U0BO'), text }));
  return (await Promise.all(heard)).map((answer) => ({ blocks: [], ...answer }));
}

function toldUnasked({ release: one, words, by }: Drawn) {
  const { service, candidate: version } = one.facts;
  const target = { service, release: one.facts.id, version, killswitch: words };
  const emergency = { at: noon, actor: by, target, from: version, to: words, reason: words };
  const waiting = ['rollback', 'abort', 'unlock', 'kill_on', 'accept_register'].map((action) => ({
    ...{ entry: 7, of: { ...emergency, action }, reminders: 0 },
  }));
  return [
    digest({ releases: [one], switchesOn: [words], overdue: waiting }),
    reviewReminder(waiting),
    ...waiting.map(({ of }) => reviewNote({ of, by, note: words })),
    // It is copied letter by letter, and all of it is ours.
    checkpointNotice('signalman\n12\n<!channel>'),
    inPerson(WELCOME, words),
    inFallback(WELCOME, words),
    WELCOME,
    alertFollowUp(service, { what: 'unseen', waitedMs: 120_000, paged: true }),
    channelNotice({ what: 'rollback_drill_failed', service, by, why: words }),
    channelNotice({ what: 'version_unlocked', service, version, by, reason: words }),
    channelNotice({ what: 'register_accepted', by, reason: words }),
    channelNotice({ what: 'kill_off', name: words, by, reason: words }),
  ];
}

test('nothing that came from a person is live on Home, in forms, in answers, or in what nobody asked for', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (about) => {
      const house = await aHouseFullOf(about);
      for (const home of await homesOf(house)) {
        expect(checkView(home, 'home')).toEqual([]);
        saysNothingLive(home);
      }
      for (const form of await formsOf(house, about)) {
        expect(checkView(form, 'modal')).toEqual([]);
        saysNothingLive(form);
      }
      for (const answer of await answersOf(house, about)) {
        saysNothingLive(answer);
        saysNothingLive(lateAnswer(answer.text, noon));
      }
      for (const view of toldUnasked(about)) saysNothingLive(view);
    }),
    { numRuns: 10 },
  );
});
