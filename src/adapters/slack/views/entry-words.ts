/** Entries of the register as lines that people read. */
import type { RegisterEntry } from '#adapters/slack/register-entry.ts';
import { clipMarkup } from '#adapters/slack/views/blocks.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { clip, fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';
import { asInstant } from '#domain/time.ts';

/** What an action is called, to follow whoever did it. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  start: 'proposed',
  ask: 'asked for the next step of',
  promote: 'promoted',
  approve: 'approved',
  decline: 'declined',
  advance: 'entered the next step of',
  pause: 'paused',
  resume: 'resumed',
  rollback: 'rolled back',
  abort: 'aborted',
  acknowledge: 'acknowledged the alert about',
  unlock: 'unlocked',
  emergency_reviewed: 'reviewed what happened to',
  verdict: 'judged',
  stop_asked: 'asked people to roll back',
  recover: 'verified the recovery of',
  watch_stop: 'found a broken guard after the release of',
  watch_over: 'ended the watch over',
  traffic_switch: 'read back the traffic of',
  kill_on: 'switched on',
  kill_off: 'switched off',
  kill_drill: 'rehearsed throwing',
  rollout_drill: 'rehearsed a rollback of',
  flag_set: 'set',
  flag_ask: 'asked to raise',
  flag_approve: 'approved raising',
  flag_decline: 'declined raising',
  flag_allow: 'allowed users of',
  flag_disallow: 'disallowed users of',
  flag_archive: 'archived',
  register_version: 'registered',
  service_added: 'added',
  service_restored: 'restored',
  service_archived: 'archived the service',
  config_reload: 'reloaded the configuration',
  roles_changed: 'told who holds which role',
};

const LINE_CHARACTERS_MAX = 280;
const REASON_CHARACTERS_MAX = 90;

/** `#41 · today 12:05 · @bo approved support-agent #12 2.4.0 (10 %)`. */
export function entryLine(entry: RegisterEntry): string {
  const { seq, at, actor } = entry;
  const when = whenWords(asInstant(Date.parse(at)));
  return clipMarkup(
    `#${seq} · ${when} · ${actorWords(actor)} ${happened(entry)}`,
    LINE_CHARACTERS_MAX,
  );
}

function happened(entry: RegisterEntry): string {
  const { action, outcome } = entry;
  const name = fromPerson(action.replaceAll('_', ' '));
  const change = changeWords(entry);
  const target = targetWords(entry, change === '');
  if (action === UNREAD) return `typed what is no command${reasonWords(entry)}`;
  if (outcome !== 'done') {
    const how = OUTCOMES[outcome] ?? fromPerson(outcome);
    return [`${how} *${name}*`, target].filter(Boolean).join(' ') + reasonWords(entry);
  }
  const did = ACTION_WORDS[action] ?? name;
  return [did, target].filter(Boolean).join(' ') + change + reasonWords(entry);
}

/** What nobody could read was no action at all, so it has no name to be refused under. */
const UNREAD = 'command';

const OUTCOMES: Readonly<Record<string, string>> = {
  refused: 'was refused',
  failed: 'failed to',
};

function targetWords({ action, target, step }: RegisterEntry, isVersionSaid: boolean): string {
  const { service, release, flag, killswitch, version } = target;
  if (killswitch !== undefined) return `the kill switch \`${fromPerson(killswitch)}\``;
  if (flag !== undefined) return `the flag \`${fromPerson(flag)}\``;
  if (service === undefined) return action === 'emergency_reviewed' ? 'the register' : '';
  const which = release === undefined ? '' : ` #${release}`;
  const build = version === undefined || !isVersionSaid ? '' : ` ${fromPerson(version)}`;
  const share = step === undefined ? '' : ` (${step.weight_percent} %)`;
  return `${fromPerson(service)}${which}${build}${share}`;
}

/** A switch says on and off by its verb, and where a release leads is in the name of its version. */
function changeWords({ target, from, to, outcome }: RegisterEntry): string {
  if (target.killswitch !== undefined || outcome !== 'done') return '';
  if (to === '' || to === from || to === target.version) return '';
  return from === '' ? `: ${fromPerson(to)}` : `: ${fromPerson(from)} → ${fromPerson(to)}`;
}

/** What the machine does by itself has a reason that only repeats what was done. */
const SELF_EVIDENT: ReadonlySet<string> = new Set([
  'traffic_switch',
  'service_added',
  'service_restored',
  'service_archived',
  'config_reload',
  'roles_changed',
]);

function reasonWords({ reason, action, outcome }: RegisterEntry): string {
  const isRepeated = outcome === 'done' && SELF_EVIDENT.has(action);
  if (reason === '' || isRepeated || reason === ACTION_WORDS[action]) return '';
  const words = outcome === 'refused' ? reason.replaceAll('_', ' ') : inPlainWords(reason);
  return ` – ${fromPerson(clip(words.replaceAll('\n', ' '), REASON_CHARACTERS_MAX))}`;
}
