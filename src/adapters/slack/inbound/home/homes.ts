/**
 * Home tabs, drawn when somebody opens theirs and kept fresh while they may be looking. Nothing here
 * is owed to anybody: a Home that could not be drawn is drawn at the next opening, and what is
 * remembered of who looks may be lost at a restart. So these are no effects in the outbox.
 */
import { createHash } from 'node:crypto';
import type { HomeView } from '@slack/types';
import type { Person } from '#adapters/slack/inbound/deps.ts';
import { drawHome, type HomeDeps } from '#adapters/slack/inbound/home/draw-home.ts';
import { type HomeFacts, readHome } from '#adapters/slack/inbound/home/read-home.ts';
import type { EntryFilter } from '#adapters/slack/views/home/entry-filter.ts';
import { homeInOutage } from '#adapters/slack/views/home/home.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import { HOUR_MS, SECOND_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';

export type HomesDeps = HomeDeps & {
  readonly publish: (userId: string, view: HomeView) => Promise<void>;
  readonly monotonicMs: () => number;
  /** Does something later, should the process still be there. */
  readonly after: (ms: number, work: () => void | Promise<void>) => void;
  readonly log: Logger;
};

export type Homes = {
  /** Somebody opened their Home, or chose what it shows. */
  readonly show: (person: Person, filter: EntryFilter) => Promise<void>;
  /** Something was committed; whoever looks sees it soon. */
  readonly changed: () => void;
};

type Viewer = {
  readonly person: Person;
  readonly filter: EntryFilter;
  readonly openedAtMs: number;
  readonly shown: string;
};

/** Changes come in flocks, and one drawing shows them all. */
const COALESCE_MS = SECOND_MS;
/** Slack takes a hundred a minute of these calls, and forms need some of them. */
const GAP_MS = SECOND_MS;
const AFTER_FAILURE_MS = 30 * SECOND_MS;
/** Slack tells of an opening and never of a closing. */
const LOOKS_FOR_MS = HOUR_MS;
const VIEWERS_MAX = 200;

export function createHomes(deps: HomesDeps): Homes {
  const viewers = new Map<string, Viewer>();
  let isRoundDue = false;
  let isStale = false;

  const draw = async (viewer: Omit<Viewer, 'shown'>, facts: HomeFacts) => {
    const view = await drawHome(deps, facts, viewer);
    return { view, digest: digestOf(view) };
  };
  /** Whoever opens theirs is told why there is nothing in it, instead of waiting for it. */
  const drawNow = async (viewer: Omit<Viewer, 'shown'>) => {
    try {
      return await draw(viewer, readHome(deps));
    } catch (error) {
      const why = outageWords(error);
      if (why === undefined) throw error;
      deps.log.warn({ err: error }, 'The database could not do what somebody asked');
      const view = homeInOutage(why);
      return { view, digest: digestOf(view) };
    }
  };
  const remember = (viewer: Viewer) => {
    const { userId } = viewer.person;
    viewers.delete(userId);
    viewers.set(userId, viewer);
    const [longestAgo] = viewers.keys();
    if (viewers.size > VIEWERS_MAX && longestAgo !== undefined) viewers.delete(longestAgo);
  };
  const forgetWhoLeft = () => {
    const nowMs = deps.monotonicMs();
    for (const [userId, { openedAtMs }] of viewers)
      if (nowMs - openedAtMs > LOOKS_FOR_MS) viewers.delete(userId);
  };
  const refresh = async (viewer: Viewer, facts: HomeFacts): Promise<boolean> => {
    const { userId } = viewer.person;
    const { view, digest } = await draw(viewer, facts);
    // Somebody who has chosen something else meanwhile has seen the newest already.
    if (digest === viewer.shown || viewers.get(userId) !== viewer) return false;
    await deps.publish(userId, view);
    if (viewers.get(userId) === viewer) viewers.set(userId, { ...viewer, shown: digest });
    return true;
  };
  /** One viewer after the other with a gap between them, so that no crowd of viewers is a flood. */
  const round = async () => {
    forgetWhoLeft();
    isStale = false;
    const facts = readHome(deps);
    for (const viewer of [...viewers.values()])
      if (await refresh(viewer, facts)) await pause(deps, GAP_MS);
  };
  const roundIn = (waitMs: number) => {
    isRoundDue = true;
    deps.after(waitMs, async () => {
      let againInMs = COALESCE_MS;
      await round().catch((error: unknown) => {
        deps.log.warn({ err: error }, 'A Home tab could not be brought up to date');
        isStale = true;
        againInMs = AFTER_FAILURE_MS;
      });
      isRoundDue = false;
      if (isStale) roundIn(againInMs);
    });
  };
  return {
    show: async (person, filter) => {
      const viewer = { person, filter, openedAtMs: deps.monotonicMs() };
      const { view, digest } = await drawNow(viewer);
      await deps.publish(person.userId, view);
      remember({ ...viewer, shown: digest });
    },
    changed: () => {
      if (viewers.size === 0) return;
      isStale = true;
      if (!isRoundDue) roundIn(COALESCE_MS);
    },
  };
}

const pause = ({ after }: Pick<HomesDeps, 'after'>, ms: number) =>
  new Promise<void>((resolve) => after(ms, resolve));

const digestOf = (view: HomeView) =>
  createHash('sha256').update(JSON.stringify(view)).digest('base64');
