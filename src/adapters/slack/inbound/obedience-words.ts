import type { Obedience } from '#adapters/agents/obedience.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { isGlobalSwitch } from '#domain/name.ts';
import { findNearest } from '#domain/nearest.ts';
import { whole } from '#domain/policy/wording.ts';
import { DAY_MS, elapsedMs, type Instant, inWords, SECOND_MS } from '#domain/time.ts';

/** Longer than this without a question, and probably no agent looks at that switch. */
const UNHEARD_MS = 7 * DAY_MS;

/** Who obeys a kill, and what was probably meant when nobody does. */
export function obedienceWords(
  name: string,
  obeyed: Obedience | undefined,
  at: Instant,
): { readonly words: string; readonly meant?: string } {
  if (!obeyed) return { words: 'How many agents obey could not be counted just now.' };
  const { streams, ms, pollers, lastAskedAt, namesAsked } = obeyed;
  const told =
    streams === 0
      ? 'No agent holds an open stream.'
      : `${whole(streams)} connected ${streams === 1 ? 'agent was' : 'agents were'} told within ${whole(Math.ceil(ms))} ms.`;
  const polling = pollers ? ` ${pollingWords(pollers, streams > 0 ? ' more' : '')}.` : '';
  const isUnheard = lastAskedAt === undefined || elapsedMs(lastAskedAt, at) > UNHEARD_MS;
  if (!isUnheard || isGlobalSwitch(name)) return { words: `${told}${polling}` };

  const meant = findNearest(
    name,
    namesAsked.filter((one) => one !== name),
  );
  const known =
    meant === undefined ? knownWords(namesAsked) : ` Did you mean “${fromPerson(meant)}”?`;
  return {
    words: `:warning: But no agent has asked for “${fromPerson(name)}” in the last week, so perhaps none obeys it.${known}`,
    ...(meant !== undefined && { meant }),
  };
}

/** Who would obey if it were switched on now. */
export function reachWords(name: string, obeyed: Obedience | undefined, at: Instant): string {
  if (!obeyed) return 'How many agents would obey could not be counted just now.';
  const { streams, pollers, lastAskedAt } = obeyed;
  const isUnheard = lastAskedAt === undefined || elapsedMs(lastAskedAt, at) > UNHEARD_MS;
  if (isUnheard && !isGlobalSwitch(name)) return obedienceWords(name, obeyed, at).words;
  const told =
    streams === 0
      ? 'No agent holds an open stream.'
      : `${whole(streams)} connected ${streams === 1 ? 'agent hears' : 'agents hear'} of it at once.`;
  return pollers ? `${told} ${pollingWords(pollers, streams > 0 ? ' more' : '')}.` : told;
}

function pollingWords({ clients, everyMs }: NonNullable<Obedience['pollers']>, more: string) {
  const who = more || (clients === 1 ? ' agent' : ' agents');
  const ask = clients === 1 ? 'asks' : 'ask';
  const often = everyMs < SECOND_MS ? 'several times a second' : `every ${inWords(everyMs)}`;
  return `${whole(clients)}${who} ${ask} ${often}`;
}

const SHOWN_MAX = 10;
const knownWords = (names: readonly string[]) =>
  names.length === 0
    ? ''
    : ` Agents do ask for: ${names.slice(0, SHOWN_MAX).map(fromPerson).join(', ')}.`;
