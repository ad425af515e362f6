/** The buttons of a card: which ones there are says the rule table, what they look like this one. */
import type { Button, StaticSelect } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { type ButtonValue, writeUpToValue, writeValue } from '#adapters/slack/button-value.ts';
import { button, confirming } from '#adapters/slack/views/buttons.ts';
import { entering, shareWords } from '#adapters/slack/views/ladder.ts';
import { type Ask, isServing, needsApproval, type Release, weightAt } from '#domain/release.ts';
import { offers, type ReleaseIntentName } from '#domain/release-rules.ts';

type Shown = Exclude<ReleaseIntentName, 'observe'>;

const LABELS: Readonly<Record<Shown, string>> = {
  approve: 'Approve',
  decline: 'Decline',
  promote: 'Promote',
  resume: 'Resume',
  pause: 'Pause',
  rollback: 'Roll back',
  abort: 'Abort',
  acknowledge: 'Acknowledge',
};
/** What lets the release go on comes first, what ends it last. */
const ORDER = Object.keys(LABELS) as readonly Shown[];

export function cardButtons(release: Release): readonly (Button | StaticSelect)[] {
  const offered = offers(release);
  return ORDER.filter((intent) => offered.includes(intent)).flatMap((intent) =>
    intent === 'approve'
      ? [buttonFor(release, intent), ...approveUpTo(release)]
      : [buttonFor(release, intent)],
  );
}

export function buttonFor(release: Release, intent: Shown): Button {
  const { facts } = release;
  const ask = askOf(release);
  const value: ButtonValue = { service: facts.service, release: facts.id };
  const look = { label: LABELS[intent], action: ACTIONS[intent], about: aboutOf(release, intent) };
  switch (intent) {
    case 'approve':
      return button({
        ...look,
        style: 'primary',
        value: writeValue({ ...value, ...(ask && { step: ask.step }), digest: facts.digest }),
        ...(ask && isFullWeight(release, ask) && { confirm: confirmFull(release, ask) }),
      });
    case 'rollback':
      return button({
        ...look,
        style: 'danger',
        value: writeValue(value),
        confirm: confirmRollback(release),
      });
    default:
      return button({ ...look, value: writeValue({ ...value, ...(ask && { step: ask.step }) }) });
  }
}

const askOf = (release: Release) => ('ask' in release ? release.ask : undefined);

const aboutOf = ({ facts }: Release, intent: Shown) =>
  `${LABELS[intent]} release ${facts.id} of ${facts.service}`;

const isFullWeight = ({ facts }: Release, { step }: Ask) =>
  facts.plan.steps[step]?.weightPercent === 100;

const confirmFull = ({ facts }: Release, { step }: Ask) =>
  confirming({
    title: 'Give it all the traffic?',
    text: `${facts.service}: this will ${entering(facts, step)}.`,
    yes: 'Approve',
    no: 'Not yet',
  });

function confirmRollback(release: Release) {
  const { service, stable, candidate, plan } = release.facts;
  const to = 'to' in release ? release.to : stable;
  const locked = plan.rollback.lockCandidate ? `, and ${candidate} is locked` : '';
  const has = isServing(release) ? ` from ${candidate}` : '';
  return confirming({
    title: 'Roll back?',
    text: `All traffic of ${service} goes${has} back to ${to} at once${locked}.`,
    yes: 'Roll back',
    no: 'Keep it',
  });
}

const OPTIONS_MAX = 100;

/** One yes for several steps; full weight always gets a yes of its own unless the plan waives it. */
function approveUpTo(release: Release): readonly StaticSelect[] {
  const { plan, id, digest } = release.facts;
  const ask = askOf(release);
  if (!ask || ask.judged) return [];
  const later = plan.steps
    .map((_, step) => step)
    .filter((step) => step > ask.step && needsApproval(plan, step))
    .filter((step) => weightAt(plan, step) < 100 || plan.unattendedFull);
  if (later.length === 0) return [];
  const options = later.slice(0, OPTIONS_MAX).map((upToStep) => ({
    text: { type: 'plain_text' as const, text: `Approve up to ${shareWords(plan, upToStep)}` },
    value: writeUpToValue({ release: id, step: ask.step, upToStep }, digest),
  }));
  return [
    {
      type: 'static_select',
      action_id: ACTIONS.approveUpTo,
      placeholder: { type: 'plain_text', text: 'Approve up to …' },
      options,
    },
  ];
}
