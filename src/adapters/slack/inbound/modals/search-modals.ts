/** Looking something up in the register: the form that asks, and what was found, a page at a time. */
import type { AnyBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { ACTIONS, VIEWS } from '#adapters/slack/action-ids.ts';
import { enteredIn, type SentView } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { choiceInput, dayInput, form, personInput } from '#adapters/slack/inbound/modals/inputs.ts';
import { serviceInput } from '#adapters/slack/inbound/modals/service-input.ts';
import { readEntries } from '#adapters/slack/register-entry.ts';
import { actions, small } from '#adapters/slack/views/blocks.ts';
import { button } from '#adapters/slack/views/buttons.ts';
import { ACTION_WORDS, entryLine } from '#adapters/slack/views/entry-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import type { Actor } from '#domain/actor.ts';
import { asInstant, DAY_MS, later } from '#domain/time.ts';
import type { EntrySearch } from '#store/queries.ts';

/** What was asked for, as it was entered, and where each page that was seen began. */
const Search = z.object({
  service: z.string().default(''),
  person: z.string().default(''),
  kind: z.string().default(''),
  action: z.string().default(''),
  from: z.string().default(''),
  to: z.string().default(''),
  /** Where the pages after the first one begin, up to the one that is shown. */
  pages: z.array(z.number().int()).default([]),
});
export type Search = z.infer<typeof Search>;
export const ANYTHING: Search = Search.parse({});

const PAGE = 15;
const PAGES_MAX = 200;

const KINDS: Readonly<Record<string, string>> = {
  policy: 'The policy',
  clock: 'The clock',
  token: 'A token',
  cli: 'The command line',
};

export function searchModal(
  { queries }: Pick<AnswerDeps, 'queries'>,
  { service, person, kind, action, from, to }: Search,
): ModalView {
  const optional = true;
  return form({
    callback: VIEWS.search,
    title: 'Search the register',
    submit: 'Search',
    blocks: [
      serviceInput({
        label: 'About which service?',
        names: queries.services().map(({ name }) => name),
        placeholder: 'Any',
        initial: service,
        optional,
      }),
      personInput({
        id: 'person',
        label: 'By whom?',
        placeholder: 'Anyone',
        initial: person,
        optional,
      }),
      choiceInput({
        id: 'kind',
        label: 'Or by what?',
        placeholder: 'Anything',
        choices: Object.keys(KINDS),
        named: (one) => KINDS[one] ?? one,
        initial: kind,
        optional,
      }),
      choiceInput({
        id: 'action',
        label: 'Which action?',
        placeholder: 'Any',
        choices: Object.keys(ACTION_WORDS),
        named: (one) => one.replaceAll('_', ' '),
        initial: action,
        optional,
      }),
      dayInput({ id: 'from', label: 'From the day', initial: from, optional }),
      dayInput({
        id: 'to',
        label: 'To the day',
        hint: 'Both days count in full, in UTC.',
        initial: to,
        optional,
      }),
    ],
  });
}

export const searchIn = (view: SentView): Search => ({
  service: enteredIn(view, 'service').toLowerCase(),
  person: enteredIn(view, 'person'),
  kind: enteredIn(view, 'kind'),
  action: enteredIn(view, 'action'),
  from: enteredIn(view, 'from'),
  to: enteredIn(view, 'to'),
  pages: [],
});

/** What the view that shows a page remembers of the search; anything else finds everything. */
export function rememberedSearch({ private_metadata }: SentView): Search {
  try {
    return Search.safeParse(JSON.parse(private_metadata)).data ?? ANYTHING;
  } catch {
    return ANYTHING;
  }
}

export function foundModal({ queries }: Pick<AnswerDeps, 'queries'>, search: Search): ModalView {
  const { entries: past, next } = queries.searchEntries(wanted(search));
  const entries = readEntries(past);
  const { pages } = search;
  const older = next !== undefined && pages.length < PAGES_MAX ? next : undefined;
  return {
    type: 'modal',
    callback_id: VIEWS.found,
    private_metadata: JSON.stringify(search),
    title: { type: 'plain_text', text: 'The register' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      small(soughtWords(search)),
      ...entries.map((entry) => small(entryLine(entry))),
      ...(entries.length === 0 ? [small(emptyWords(next))] : []),
      ...turning(pages.length > 0, older),
    ],
  };
}

const emptyWords = (next: number | undefined) =>
  next === undefined
    ? 'Nothing like that is in the register.'
    : `Nothing like that down to #${next}. *Older* looks further back.`;

function turning(hasNewer: boolean, older: number | undefined): readonly AnyBlock[] {
  const turn = (
    label: string,
    action: 'searchNewer' | 'searchOlder' | 'searchAgain',
    value = '-',
  ) => button({ label, action: ACTIONS[action], about: label, value });
  return actions([
    ...(hasNewer ? [turn('Newer', 'searchNewer')] : []),
    ...(older === undefined ? [] : [turn('Older', 'searchOlder', String(older))]),
    turn('Search for something else', 'searchAgain'),
  ]);
}

/** The page after the one that is shown, as its button says where that begins. */
export const olderPage = (search: Search, value: string): Search =>
  /^\d{1,15}$/.test(value) ? { ...search, pages: [...search.pages, Number(value)] } : search;

export const newerPage = (search: Search): Search => ({
  ...search,
  pages: search.pages.slice(0, -1),
});

function wanted({ service, person, kind, action, from, to, pages }: Search): EntrySearch {
  const before = pages.at(-1);
  const [since, day] = [dayOf(from), dayOf(to)];
  const by: Partial<Actor> | undefined = person
    ? { kind: 'user', id: person }
    : Object.hasOwn(KINDS, kind)
      ? { kind: kind as Actor['kind'] }
      : undefined;
  return {
    limit: PAGE,
    ...(service && { service }),
    ...(by && { by }),
    ...(action && { action }),
    ...(since !== undefined && { since }),
    ...(day !== undefined && { until: later(day, DAY_MS) }),
    ...(before !== undefined && { before }),
  };
}

function dayOf(text: string) {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : asInstant(epochMs);
}

function soughtWords({ service, person, kind, action, from, to }: Search): string {
  const parts = [
    service && `about ${fromPerson(service)}`,
    person ? `by <@${person}>` : KINDS[kind] && `by ${KINDS[kind]?.toLowerCase()}`,
    action && `action “${fromPerson(action.replaceAll('_', ' '))}”`,
    from && `from ${fromPerson(from)}`,
    to && `to ${fromPerson(to)}`,
  ].filter(Boolean);
  return parts.length > 0 ? `Newest first, ${parts.join(', ')}.` : 'Newest first, everything.';
}
