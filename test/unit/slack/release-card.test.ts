import { describe, expect, test } from 'vitest';
import { type CardState, releaseCard } from '#adapters/slack/views/release-card.ts';
import { previewPlan } from '#domain/policy/planner.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  bo,
  chidi,
  noon,
  sam,
  start,
} from '#test/support/builders.ts';
import { complaintsAbout, goldenText } from '#test/support/golden.ts';
import { releaseStory } from '#test/support/release-story.ts';

const settings = {
  people: { operators: ['U0ANA'], approvers: ['S0APPROVERS', 'U0SAM'] },
  links: { dashboard: 'https://grafana.example/d/1?a=1&b=2', runbook: 'https://wiki.example/run' },
  contact: '@support-oncall',
};

type Story = ReturnType<typeof releaseStory>;

async function showsAs(name: string, story: Story, about: Partial<CardState> = {}) {
  const release = story.release();
  const { service } = { service: story.service() };
  const left = 'from' in release ? release.from : release.facts.candidate;
  const view = releaseCard({
    release,
    settings,
    windows: story.windows(),
    isCurrent: [service.live, service.crowned].some((one) => one === release),
    isLocked: service.locks.some((lock) => lock.version === left && !lock.unlocked),
    ...about,
  });
  expect(complaintsAbout(view)).toEqual([]);
  await expect(goldenText(view)).toMatchFileSnapshot(`../../golden/card-${name}.txt`);
}

const proposed = (about = {}) => releaseStory().at(0, start({ note: 'Shorter answers', ...about }));
const atOnePercent = (about = {}) => proposed(about).at(1, approve(0));
const stopped = () => atOnePercent().watchedUntil(20).watchedUntil(60, { bad: 0.412 });
const hasty = aPlan({
  steps: aPlan().steps.map((step) => ({ ...step, dwellMs: 10 * MINUTE_MS })),
});
const recovering = () => stopped().trafficIsBack();

describe('the card of a release', () => {
  test('names who asks and who may say yes while it is proposed', () =>
    showsAs('proposed', proposed()));

  test('shows what the plan will take when traffic was measured', () => {
    const traffic = { requestsPerDay: 40_000, distinctKeys: 900, badRate: 0.008 };
    return showsAs('proposed-with-preview', proposed(), {
      preview: previewPlan(aPlan(), traffic),
      build: {
        service: 'support-agent',
        version: '2.4.0',
        commit: '3f9a2c1',
        link: 'https://git.example/compare/2.3.3...2.4.0',
        authors: ['U0ANA', 'dev <dev@example.com>'],
        components: [
          { name: 'prompts', version: '41', reversibility: 'instant' },
          { name: 'tools', reversibility: 'drain' },
          { name: 'memory', reversibility: 'irreversible' },
        ],
        registeredBy: { kind: 'token', id: 'ci' },
        registeredAt: noon,
      },
    });
  });

  test('says that testers come first in a blue-green release, and which attempt it is', () => {
    const plan = aPlan({
      strategy: 'blue-green',
      testers: ['user-1', 'user-2', '<!channel>'],
      steps: [0, 100].map((weightPercent) => ({
        weightPercent,
        dwellMs: HOUR_MS,
        approval: true,
      })),
    });
    const earlier = { release: 3, attempts: 2, endedAt: 0 as never, evidence: null };
    const story = releaseStory(aService({ earlier })).at(0, start({ plan }));
    return showsAs('proposed-blue-green', story);
  });

  test('says where it stands, until when at least, and what the evidence says', () =>
    showsAs('progressing', atOnePercent().watchedUntil(20)));

  test('asks for the next step once the evidence is in', () =>
    showsAs('asked', atOnePercent().watchedUntil(80)));

  test('tells what a judged step leaves open', () =>
    showsAs(
      'asked-judged',
      atOnePercent({ plan: hasty })
        .watchedUntil(12, { requests: 100 })
        .at(12, { to: 'promote', by: ana }),
    ));

  test('says that a step was entered by judgement', () =>
    showsAs(
      'progressing-judged',
      atOnePercent({ plan: hasty })
        .watchedUntil(12, { requests: 100 })
        .at(12, { to: 'promote', by: sam })
        .at(12, approve(1))
        .watchedUntil(15),
    ));

  test('says up to which step it is approved', () =>
    showsAs(
      'progressing-granted',
      proposed()
        .at(1, approve(0, { upToStep: 2 }))
        .watchedUntil(9),
    ));

  test('says who declined the next step', () =>
    showsAs(
      'progressing-declined',
      atOnePercent()
        .watchedUntil(80)
        .at(81, { to: 'decline', by: chidi, reason: 'not before the weekend' }),
    ));

  test('asks twice before full weight is approved', () =>
    showsAs(
      'asked-full-weight',
      proposed({ plan: aPlan({ steps: aPlan().steps.slice(2) }) })
        .at(1, approve(0))
        .watchedUntil(90),
    ));

  test('says in words when people are asked to roll back', () => {
    const rollback = { ...aPlan().rollback, mode: 'ask' as const, askTimeoutMs: 10 * MINUTE_MS };
    const story = atOnePercent({ plan: aPlan({ rollback }) });
    return showsAs('stop-asked', story.watchedUntil(20).watchedUntil(24, { bad: 0.5 }));
  });

  test('says who paused it and why, exactly as it was typed', () =>
    showsAs(
      'paused',
      atOnePercent()
        .watchedUntil(20)
        .at(21, { to: 'pause', by: chidi, reason: 'p95 <2 s> & *rising*\n<!channel> look' }),
    ));

  test('says where traffic is going while it is rolled back', () =>
    showsAs('rolling-back', stopped()));

  test('shows the reason of the person who rolled it back', () =>
    showsAs(
      'rolling-back-by-hand',
      atOnePercent()
        .watchedUntil(20)
        .at(21, { to: 'rollback', by: chidi, reason: 'customers complain' }),
    ));

  test('says that recovery is being checked', () => showsAs('recovering', recovering()));

  test('says until when it has to stay healthy', () =>
    showsAs('recovering-healthy', recovering().watchedUntil(40)));

  test('is rolled back for good once recovery is verified', () =>
    showsAs('rolled-back', recovering().watchedUntil(120)));

  test('is completed, and watched', () =>
    showsAs(
      'completed',
      proposed({
        plan: aPlan({
          unattendedFull: true,
          steps: [{ weightPercent: 100, dwellMs: HOUR_MS, approval: false }],
        }),
      }).watchedUntil(120),
    ));

  test('says that the watch is over', () =>
    showsAs(
      'watch-over',
      proposed({
        plan: aPlan({
          unattendedFull: true,
          watchMs: HOUR_MS,
          steps: [{ weightPercent: 100, dwellMs: HOUR_MS, approval: false }],
        }),
      }).watchedUntil(180),
    ));

  test('says who aborted it', () =>
    showsAs('aborted', proposed().at(5, { to: 'abort', by: ana, reason: 'wrong build' })));

  test('says who declined it, and loses its buttons', () =>
    showsAs('declined', proposed().at(5, { to: 'decline', by: bo, reason: 'not on a Friday' })));
});
