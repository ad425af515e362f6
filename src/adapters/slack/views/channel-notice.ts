/** What changes state outside of a release, told to the whole channel. */
import {
  actions,
  quoted,
  said,
  small,
  type View,
  view,
  withReason,
} from '#adapters/slack/views/blocks.ts';
import { switchOffButton } from '#adapters/slack/views/kill-buttons.ts';
import { reviewButton, reviewNote, whoMay } from '#adapters/slack/views/review.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { doubtWords } from '#adapters/words/doubt-words.ts';
import { fromPerson, quoting } from '#adapters/words/escape.ts';
import type { ChannelNotice } from '#domain/effect.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import type { Review } from '#domain/review.ts';

type Notice<What extends ChannelNotice['what']> = Extract<ChannelNotice, { what: What }>;

export type Standing = {
  /** How the kill switch stands now: only one that is on can be switched off. */
  readonly isOn?: boolean;
  /** That it was thrown still waits for its review. */
  readonly waits?: Review | undefined;
};

export function channelNotice(notice: ChannelNotice, { isOn = false, waits }: Standing = {}): View {
  switch (notice.what) {
    case 'kill_on':
      return killOn(notice, isOn);
    case 'kill_off':
      return killOff(notice, waits);
    case 'reviewed':
      return reviewNote(notice);
    case 'flag_changed':
      return flagChanged(notice);
    case 'version_heard':
      return heard(notice);
    case 'version_unlocked':
      return withReason(
        `🔓 *${notice.version} of ${notice.service} is unlocked* by ${actorWords(notice.by)}; it may be released again.`,
        notice.reason,
      );
    case 'rollback_drill':
    case 'rollback_drill_failed':
      return rollbackDrill(notice);
    case 'register_in_doubt':
      return registerInDoubt(notice);
    case 'register_accepted':
      return withReason(
        `✅ *The register is accepted as it is*, by ${actorWords(notice.by)}. Releases may go on.`,
        notice.reason,
      );
  }
}

function registerInDoubt(notice: Notice<'register_in_doubt'>): View {
  const head = `⚠️ *Nothing goes forward: the register ${doubtWords(notice)}.*`;
  const works = 'Pausing, rolling back and kill switches work as ever.';
  return view(`${head} ${works}`, [
    said(
      head,
      `Releases and kill switches stand where that copy stood, so look at them first: \`/rollout list\`, \`/killswitch list\`. ${works}`,
      'When they are as they should be, an operator types `signalman audit accept` with a reason on the machine. `signalman audit verify` says more.',
    ),
  ]);
}

function killOn({ name, by, reason }: Notice<'kill_on'>, isOn: boolean): View {
  const head = `🛑 *Kill switch \`${fromPerson(name)}\` is ON: ${whatStops(name)}* Thrown by ${actorWords(by)}.`;
  return view(`${head} Reason: ${fromPerson(reason)}`, [
    said(head),
    ...quoted('Reason', reason),
    small(
      isOn
        ? 'Only an operator may switch it off. No version changes by a kill.'
        : 'It was switched off again since.',
    ),
    ...(isOn ? actions([switchOffButton(name, '')]) : []),
  ]);
}

function killOff({ name, by, reason }: Notice<'kill_off'>, waits: Review | undefined): View {
  const { text, blocks } = withReason(
    `🟢 *Kill switch \`${fromPerson(name)}\` is off*, switched by ${actorWords(by)}. Agents that obey it may act again.`,
    reason,
  );
  return view(text, [
    ...blocks,
    ...(waits
      ? [
          small(`That it was thrown waits for a review by ${whoMay(waits.of)}.`),
          ...actions([reviewButton(waits)]),
        ]
      : []),
  ]);
}

function rollbackDrill(notice: Notice<'rollback_drill' | 'rollback_drill_failed'>): View {
  const begin = `A rollback of *${fromPerson(notice.service)}* was rehearsed by ${actorWords(notice.by)}, with a made-up candidate`;
  const words =
    notice.what === 'rollback_drill'
      ? `🧪 ${begin}: traffic was read back as rolled back after ${notice.backMs} ms. Nobody’s version changed.`
      : `⚠️ ${begin}, and *it failed*: ${quoting(notice.why)}. Nobody’s version changed, but a real rollback may fail as well; please look now.`;
  return view(words, [said(words)]);
}

const whatStops = (name: string) =>
  isGlobalSwitch(name) ? 'every agent of every service stops.' : 'agents that obey it stop.';

function heard({ service, version, users, items }: Notice<'version_heard'>): View {
  const who = users > 0 ? many(users, 'user') : many(items, 'request');
  const words = `📡 We hear *${service} ${version}* for the first time: ${who} so far.`;
  return view(words, [said(words)]);
}

const many = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

function flagChanged({ key, from, to, by, approvedBy }: Notice<'flag_changed'>): View {
  const yes = approvedBy ? `, approved by ${actorWords(approvedBy)}` : '';
  const words = `Flag \`${fromPerson(key)}\`: ${fromPerson(from)} → *${fromPerson(to)}*, by ${actorWords(by)}${yes}.`;
  return view(words, [said(words)]);
}
