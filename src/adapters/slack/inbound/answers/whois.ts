import { findService } from '#adapters/slack/inbound/answers/status.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { phaseWords } from '#adapters/words/phase-words.ts';
import { BUCKETS, bucketOf, releaseGroup } from '#domain/bucketing.ts';
import { type Evaluation, evaluate, versionKey } from '#domain/evaluation.ts';
import { whole } from '#domain/policy/wording.ts';
import type { Release } from '#domain/release.ts';
import { no, yes } from '#domain/result.ts';
import { placeOf, type ServiceRoute, viewOf } from '#domain/snapshot.ts';

/** What this user gets right now and why: the agents' own answer, explained. */
export function whois(
  deps: Pick<AnswerDeps, 'snapshots' | 'queries' | 'settings'>,
  service: string,
  key: string,
): Outcome {
  const snapshot = deps.snapshots.current();
  const { base, environment } = placeOf(snapshot, service);
  const view = viewOf(snapshot, environment);
  const route = view.services.get(base);
  const answer = evaluate(view, versionKey(base), { targetingKey: key });
  if (!route || !answer.ok) {
    const found = findService(deps, service);
    return found.ok ? no({ code: 'no_stable', service }) : found;
  }
  const { value, metadata } = answer.value;
  const live = deps.queries.service(service)?.live;
  return yes(
    [
      `“${fromPerson(key)}” gets ${fromPerson(String(value))} of ${fromPerson(service)}: ${reasonWords(route, key, answer.value, live)}`,
      ...(metadata['killed']
        ? [
            ':octagonal_sign: A kill switch is on for it, so the agent should not act at all; a kill changes no version.',
          ]
        : []),
      ...(route.split
        ? [
            'A conversation that began on another version stays there until that version is rolled back.',
          ]
        : []),
    ].join('\n'),
  );
}

function reasonWords(
  { name, stable, split }: ServiceRoute,
  key: string,
  { metadata }: Evaluation,
  live: Release | undefined,
) {
  if (!split) {
    const why = live
      ? `release #${live.facts.id} ${phaseWords(live.phase)}`
      : 'no release is in progress';
    return `${why}, so everybody gets the stable version ${fromPerson(stable)}.`;
  }
  const { candidate, weightPercent, testers, release } = split;
  const of = `release #${release} gives ${fromPerson(candidate)} ${weightPercent} %`;
  if (testers.has(key))
    return `they are one of the testers, who get the candidate at every step (${of}).`;
  if (weightPercent === 0) return `only testers have the candidate so far (${of}).`;
  const bucket = bucketOf(releaseGroup(name, candidate), key);
  const limit = (weightPercent * BUCKETS) / 100;
  const side = metadata['arm'] === 'candidate' ? 'is below' : 'is not below';
  return `their bucket is ${whole(bucket)} of ${whole(BUCKETS)}, and that ${side} ${whole(limit)} (${of}). The bucket stays the same for this candidate, so raising the weight never takes it away.`;
}
