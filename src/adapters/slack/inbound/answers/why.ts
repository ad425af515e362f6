import { findService } from '#adapters/slack/inbound/answers/status.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { riskWords } from '#adapters/words/risk-words.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { evidence, guardName, limitOf, rateOf, whole } from '#domain/policy/wording.ts';
import type { Release } from '#domain/release.ts';
import { yes } from '#domain/result.ts';
import { currentRelease } from '#domain/service.ts';
import { inWords } from '#domain/time.ts';
import type { LineFigures, Verdict } from '#domain/verdict.ts';

type WhyDeps = Pick<AnswerDeps, 'queries' | 'settings'>;

/** The verdict on a service's release, with the numbers it can be recomputed from. */
export function why(deps: WhyDeps, service: string): Outcome {
  const found = findService(deps, service);
  if (!found.ok) return found;
  const release = currentRelease(found.value) ?? deps.queries.history(service, 1)[0];
  if (!release) return { ok: false, refusal: { code: 'no_release', service } };
  const { verdict } = release;
  return yes(verdict ? inNumbers(release, verdict) : beforeAnyVerdict(release));
}

const titleOf = ({ facts }: Release) =>
  `*#${facts.id} ${fromPerson(facts.service)}: ${fromPerson(facts.stable)} → ${fromPerson(facts.candidate)}*`;

function beforeAnyVerdict(release: Release): string {
  const next =
    release.phase === 'proposed'
      ? 'it is waiting for its first approval, and counting begins with the first step.'
      : 'the first one is made at the next poll of the metrics.';
  return `${titleOf(release)}\nThere is no verdict yet: ${next}`;
}

function inNumbers(release: Release, verdict: Verdict): string {
  const { figures } = verdict;
  const isThin = verdict.reason === 'not_enough_evidence' && release.phase === 'progressing';
  return [
    titleOf(release),
    verdictWords(verdict),
    ...(isThin ? [`This is what two people would judge by. ${riskWords(release)}`] : []),
    `Counted in ${inWords(figures.overMs)}, in ${windowsIn(figures.windows)}, ${whole(figures.windowsInStep)} of them in this step${release.verdictAt === undefined ? '' : `; judged ${whenWords(release.verdictAt)}`}:`,
    ...figures.lines.map((line) => `• ${lineWords(release, line)}`),
    'Evidence counts against the candidate: at 10 its weight is frozen, at 100 it is rolled back. A gate has to reach 20 before the next step opens.',
  ].join('\n');
}

function lineWords({ facts }: Release, line: LineFigures): string {
  const { guard, against, limit, candidate, stable, logEvidence, logGate } = line;
  const than =
    against === 'stable'
      ? 'no worse than stable'
      : limit === undefined
        ? 'against its limit'
        : `limit ${limitOf(line)}`;
  const gate = logGate === undefined ? '' : `, gate ${evidence(logGate)}`;
  return `${fromPerson(guardName(guard))} (${than}): ${fromPerson(facts.candidate)} ${rateOf(line, candidate)}; stable ${rateOf(line, stable)}; evidence ${evidence(logEvidence)}${gate}`;
}

const windowsIn = (count: number) => (count === 1 ? 'one window' : `${whole(count)} windows`);
