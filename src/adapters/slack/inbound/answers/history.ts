import { findService } from '#adapters/slack/inbound/answers/status.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { status } from '#adapters/slack/views/headline.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';
import type { Release } from '#domain/release.ts';
import { yes } from '#domain/result.ts';

const RELEASES_MAX = 20;

/** The newest releases, of one service or of all. */
export function history(
  deps: Pick<AnswerDeps, 'queries' | 'settings'>,
  service: string | undefined,
): Outcome {
  if (service !== undefined) {
    const found = findService(deps, service);
    if (!found.ok) return found;
  }
  const releases = deps.queries.history(service, RELEASES_MAX);
  if (releases.length === 0) return yes('There was no release yet.');
  const more =
    releases.length === RELEASES_MAX
      ? [`The newest ${RELEASES_MAX}; \`npm run --silent signalman -- audit export\` has all.`]
      : [];
  const whose = service === undefined ? 'of all services' : `of ${fromPerson(service)}`;
  return yes([`*History ${whose}, newest first:*`, ...releases.map(line), ...more].join('\n'));
}

function line(release: Release): string {
  const { id, service, stable, candidate, plan, requestedBy, requestedAt } = release.facts;
  const why =
    'reason' in release && release.reason ? `: ${fromPerson(inPlainWords(release.reason))}` : '';
  const judged = release.approvals.some((approval) => approval.judged) ? ', judged' : '';
  return `#${id} *${fromPerson(service)}* ${fromPerson(stable)} → ${fromPerson(candidate)} (${plan.strategy}${judged}), ${whenWords(requestedAt)} by ${actorWords(requestedBy)}: ${status(release)}${why}`;
}
