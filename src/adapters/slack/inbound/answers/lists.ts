/** The lists of flags and of kill switches. */
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { type Flag, flagInWords } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';

const LISTED_MAX = 60;

export function flagList({ queries }: Pick<AnswerDeps, 'queries'>): string {
  const flags = queries.flags().filter(({ archived }) => !archived);
  if (flags.length === 0)
    return 'There are no flags yet. `/rollout flag set new-answers 10%` makes one and gives it to 10 % of users.';
  return shortened(flags.map(flagLine));
}

function flagLine({ key, allowed, request, ...value }: Flag): string {
  const list = allowed.length > 0 ? `, and on for ${allowed.length} named keys` : '';
  const asked = request
    ? ` · ${actorWords(request.by)} asks for ${flagInWords(request.value)}, waiting for an approver`
    : '';
  return `*${fromPerson(key)}* ${flagInWords(value)}${list}${asked}`;
}

export function killList({ queries }: Pick<AnswerDeps, 'queries'>): string {
  const switches = queries.killSwitches();
  const on = switches.filter(({ isOn }) => isOn);
  const off = switches.filter(({ isOn }) => !isOn).map(({ name }) => fromPerson(name));
  const offLine = off.length > 0 ? [`Off: ${off.slice(0, LISTED_MAX).join(', ')}.`] : [];
  if (on.length === 0) return ['No kill switch is on.', ...offLine].join('\n');
  return [shortened(on.map(switchLine)), ...offLine].join('\n');
}

function switchLine({ name, reason, changedBy, changedAt }: KillSwitch): string {
  const who = changedBy ? ` by ${actorWords(changedBy)}` : '';
  const when = changedAt === undefined ? '' : `, ${whenWords(changedAt)}`;
  return `:octagonal_sign: *${fromPerson(name)}* is on${who}${when}: ${fromPerson(reason)}`;
}

function shortened(lines: readonly string[]): string {
  const rest = lines.length - LISTED_MAX;
  return [...lines.slice(0, LISTED_MAX), ...(rest > 0 ? [`… and ${rest} more.`] : [])].join('\n');
}
