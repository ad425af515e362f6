/**
 * A Slack that says no, says nothing after it did what was asked, or answers late. What was posted
 * carries its effect, so that a sender in doubt can look before it says something twice.
 */
import type { Effect } from '#domain/effect.ts';
import { SECOND_MS } from '#domain/time.ts';
import { type CarryOut, TryLater } from '#operations/reconcile.ts';
import type { Chance } from '#test/simulation/chance.ts';
import { asking, type Life } from '#test/simulation/life.ts';
import type { CoreQueries } from '#test/simulation/memory-store/queries.ts';
import type { Timeline } from '#test/simulation/timeline.ts';
import type { Weather } from '#test/simulation/weather.ts';

type Telling = Extract<Effect, { readonly tell: string }>;
export type Told = { readonly owed: number; readonly effect: Telling };

export type FaultySlack = ReturnType<typeof createFaultySlack>;

type SlackDeps = {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly onTold: (told: Told) => void;
};

export function createFaultySlack({ timeline, chance, weather, onTold }: SlackDeps) {
  const posted = new Set<number>();
  const cards = new Map<string, string>();
  /** Answers after a while, wrongly now and then; `accept` is what Slack does when it hears it. */
  const call = async <Answer>(accept: () => Answer): Promise<Answer> => {
    const strikes = weather.strikes('slack');
    if (strikes && chance.is(0.3)) throw new TryLater('ratelimited', 30 * SECOND_MS);
    if (strikes && chance.is(0.5)) throw new Error('service_unavailable');
    const answer = accept();
    if (chance.is(0.1)) await new Promise<void>((go) => timeline.after(chance.upTo(8_000), go));
    if (strikes) throw new Error('the connection was cut after Slack had heard');
    return answer;
  };
  return {
    cards,
    post: (told: Told) =>
      call(() => {
        posted.add(told.owed);
        onTold(told);
      }),
    /** The other way to people has bad days too. */
    page: () => call(() => {}),
    find: (owed: number) => call(() => posted.has(owed)),
    edit: (subject: string, shows: string) => call(() => void cards.set(subject, shows)),
  };
}

/** Carries out what Slack is owed, by the rules of the real one, without drawing anything. */
export function createTellSlack(slack: FaultySlack, life: Life, queries: CoreQueries): CarryOut {
  return async (effect, { id, tries }) => {
    if ('sync' in effect) {
      if (effect.sync !== 'card') return;
      await asking(life, () => slack.edit(`card:${effect.release}`, cardOf(queries, effect)));
    } else if ('tell' in effect) {
      const mayHaveGoneOut = tries > 0;
      if (mayHaveGoneOut && (await asking(life, () => slack.find(id)))) return;
      await asking(life, () => slack.post({ owed: id, effect }));
    }
  };
}

/** What a card says, as far as it can be wrong: the phase and the step. */
export function cardOf(queries: CoreQueries, { release }: { readonly release: number }): string {
  const found = queries.release(release);
  return found ? `${found.phase} ${'step' in found ? found.step : ''}` : 'nothing';
}
