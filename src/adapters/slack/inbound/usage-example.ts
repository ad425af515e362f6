/** Usage lines filled in with names that exist here, so that what to type can be copied. */
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { serviceNames } from '#adapters/slack/inbound/names.ts';
import { escapeMrkdwn, fromPerson } from '#adapters/words/escape.ts';
import { GLOBAL_SWITCH } from '#domain/name.ts';
import { findNearest } from '#domain/nearest.ts';
import { placeOf, viewOf } from '#domain/snapshot.ts';

/** What is in memory is enough, and it is there while the database is not. */
export type NameDeps = Pick<AnswerDeps, 'settings' | 'snapshots'>;

type Names = Readonly<Record<string, string>>;

/** `/rollout pause support-agent`: the words that must be there, and none that may be left out. */
export function exampleOf(
  deps: NameDeps,
  { command, usage, typed = '' }: { command: string; usage: string; typed?: string },
): string {
  const names = namesFor(deps, usage, typed);
  const words = usage
    .split(' ')
    .filter((token) => !token.startsWith('['))
    .map((token) => names[token.replaceAll(/[<>…]/g, '')] ?? token.split('|')[0] ?? token);
  return escapeMrkdwn([command, ...words].join(' '));
}

function namesFor(deps: NameDeps, usage: string, typed: string): Names {
  const service = serviceMeant(deps, typed);
  const snapshot = deps.snapshots.current();
  const { base, environment } = placeOf(snapshot, service);
  const view = viewOf(snapshot, environment);
  const { stable, split } = view.services.get(base) ?? {};
  const [flag = 'new-answers'] = view.flags.keys();
  const switches = [...view.switches].filter((name) => name !== GLOBAL_SWITCH);
  return {
    service,
    version: usage.startsWith('start') || !split ? versionAfter(stable) : split.candidate,
    key: usage.startsWith('whois') ? 'user-7' : flag,
    name: switches[0] ?? service,
    'on|off|percent%': '25%',
    user: 'user-7',
    reason: 'it promises refunds',
  };
}

const LETTERS_MAX = 64;

/** The service whose name was nearly typed, or else the first one. */
function serviceMeant(deps: NameDeps, typed: string): string {
  const known = serviceNames(deps);
  const words = typed.toLowerCase().split(/\s+/);
  const exact = words.find((word) => known.includes(word));
  const near = words.map((word) => findNearest(word.slice(0, LETTERS_MAX), known));
  return exact ?? near.find((one) => one !== undefined) ?? known[0] ?? 'support-agent';
}

/** What might come after `2.3.3`. */
function versionAfter(stable: string | undefined): string {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})\.\d+$/.exec(stable ?? '') ?? [];
  return minor === undefined ? '2.4.0' : `${major}.${Number(minor) + 1}.0`;
}

const NAMED_MAX = 20;

/** The services that exist, for whoever has to name one. */
export function servicesInWords(deps: NameDeps): string {
  const names = serviceNames(deps);
  if (names.length === 0) return 'No service is named in signalman.yml yet.';
  const more = names.length - NAMED_MAX;
  const shown = names.slice(0, NAMED_MAX).map(fromPerson).join(', ');
  return `Services: ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
}
