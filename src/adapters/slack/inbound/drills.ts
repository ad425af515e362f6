/** Rehearsals of what must work on a bad day, and what was measured in them. */
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { obedienceWords } from '#adapters/slack/inbound/obedience-words.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { yes } from '#domain/result.ts';
import { SECOND_MS } from '#domain/time.ts';
import { drillKill } from '#operations/drill-kill.ts';
import { drillRollback } from '#operations/drill-rollback.ts';

/** A kill that takes longer than this to act has failed its drill. */
const ACTS_MS_MAX = SECOND_MS;
const HEARD_MS_MAX = SECOND_MS / 2;

export async function drillKillFor(
  deps: AnswerDeps,
  asking: Asking,
  name: string,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, 'kill_on');
  const outcome = await drillKill(
    {
      ...deps,
      override: deps.snapshots,
      isAnswered: (shadow) => within(ACTS_MS_MAX, deps.answered.isKilled(shadow)),
      heardOf: (real) => within(HEARD_MS_MAX, deps.obedienceOf(real)),
    },
    { name, by, inboxKey: asking.inboxKey },
  );
  if (!outcome.ok) return outcome;
  const { actsMs, isDurable, durableMs, heard } = outcome.value;
  return yes(
    [
      `Drill of “${fromPerson(name)}”: nothing was stopped.`,
      actsMs === undefined
        ? `:warning: A kill did not act within ${ACTS_MS_MAX} ms: whoever answers agents did not answer with it. Please tell an operator now.`
        : `A made-up kill acted after ${actsMs} ms: whoever asks for it was answered that it is on.`,
      isDurable
        ? `It was safe in the emergency journal after ${durableMs} ms.`
        : ':warning: The emergency journal could not be written, so a kill would hold only while this process runs. Please tell an operator now; the log says why.',
      obedienceWords(name, heard, deps.clock()).words,
      'The drill stands in the register.',
    ].join(' '),
  );
}

export async function drillRollbackFor(
  deps: AnswerDeps,
  asking: Asking,
  service: string,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, 'rollback', service);
  const outcome = await drillRollback(
    {
      ...deps,
      trafficOf: (shadow) => within(ACTS_MS_MAX, deps.answered.trafficOf(shadow)),
    },
    { service, by, inboxKey: asking.inboxKey },
  );
  if (!outcome.ok) return outcome;
  const drill = outcome.value;
  const begin = `Rollback drill of ${fromPerson(service)}:`;
  const channel =
    'The channel is told too; if nothing appears there, a real rollback would not be told either.';
  return yes(
    drill.isBack
      ? `${begin} it worked. In a copy of the service that no agent asks for, a made-up candidate was rolled back, and traffic was read back as rolled back after ${drill.backMs} ms. Nobody’s version changed. ${channel}`
      : `${begin} :warning: *it failed:* ${drill.why}. Nobody’s version changed, but a real rollback may fail as well: please tell an operator now. ${channel}`,
  );
}
