/** What happens in the course of an incident, told in the thread of its alert. */
import { said, type View, view, withReason } from '#adapters/slack/views/blocks.ts';
import { leadingLine } from '#adapters/slack/views/guard-words.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { reviewNote } from '#adapters/slack/views/review.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson, quoting } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Alert } from '#domain/effect.ts';
import { inWords } from '#domain/time.ts';

/** A change of state is also shown in the channel; the rest stays in the thread. */
export const isChangeOfState = ({ what }: Alert) =>
  what === 'rolling_back' ||
  what === 'recovered' ||
  what === 'not_recovering' ||
  what === 'watch_extended' ||
  what === 'unseen';

export function alertFollowUp(service: string, alert: Alert): View {
  switch (alert.what) {
    case 'rolling_back':
      return rollingBack(service, alert);
    case 'stop_asked':
      return verdictNote(`*The evidence against ${service} says stop.*`, alert.verdict);
    case 'watch_stop':
      return verdictNote(`*${service} breaks a guard after its release.*`, alert.verdict);
    case 'watch_extended':
      return note(
        `*The watch was to end now, but a guard broke in it and nobody has acknowledged that.* So it goes on until ${whenWords(alert.until)}. Roll back, or acknowledge it.`,
      );
    case 'watch_over':
      return note(
        `The watch is over. ${actorWords(alert.seenBy)} has seen that a guard broke in it, and nobody rolled back, so the version of ${service} stays as it is.`,
      );
    case 'traffic_back':
      return note(
        `*All traffic of ${service} is back on ${alert.to}*, read back from where it is set. Recovery is being checked; it takes at least ${inWords(alert.windowMs)}.`,
      );
    case 'recovered':
      return note(`*${service} has recovered on ${alert.to}.*${killed(alert.killed)}`);
    case 'unverified':
      return withReason(
        `${actorWords(alert.by)} ended the verification; whether ${service} is healthy on ${alert.to} was not shown.`,
        alert.reason,
      );
    case 'not_recovering':
      return note(
        `*${service} does not recover.* ${quoting(alert.words)} The cause may be elsewhere; somebody should look now.`,
      );
    case 'acknowledged':
      return note(`${actorWords(alert.by)} has seen this and is on it.`);
    case 'unseen':
      return note(
        `*Nobody has acknowledged the alert about ${service} for ${inWords(alert.waitedMs)}.*${alert.paged ? ' It was sent to the second channel, too.' : ''} Press *Acknowledge* on it, so that the others know that somebody looks.`,
      );
    case 'reviewed':
      return reviewNote(alert);
    case 'unlocked':
      return withReason(
        `${actorWords(alert.by)} unlocked ${alert.version}; it may be released again.`,
        alert.reason,
      );
  }
}

const note = (words: string): View => view(words, [said(words)]);

function verdictNote(head: string, verdict: Extract<Alert, { what: 'stop_asked' }>['verdict']) {
  const line = leadingLine(verdict);
  return view(line ? `${head} ${opening(quoting(line))}` : head, [
    said(head, verdictWords(verdict)),
  ]);
}

function rollingBack(
  service: string,
  { from, to, by, reason, verdict }: Extract<Alert, { what: 'rolling_back' }>,
): View {
  const head = `*Rolling back ${service}: ${from} → ${to}*, started by ${actorWords(by)}.`;
  return verdict ? verdictNote(head, verdict) : withReason(head, reason);
}

const killed = (names: readonly string[]) =>
  names.length === 0
    ? ''
    : ` Kill switches that went on with the rollback: ${names.map((name) => `\`${fromPerson(name)}\``).join(', ')}; the alert above offers to switch them off.`;
