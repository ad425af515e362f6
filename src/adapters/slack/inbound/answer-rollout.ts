import { history } from '#adapters/slack/inbound/answers/history.ts';
import { flagList } from '#adapters/slack/inbound/answers/lists.ts';
import { overview, releasesInProgress, statusOf } from '#adapters/slack/inbound/answers/status.ts';
import { whois } from '#adapters/slack/inbound/answers/whois.ts';
import { why } from '#adapters/slack/inbound/answers/why.ts';
import { changeFlagFor } from '#adapters/slack/inbound/change-flags.ts';
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { drillRollbackFor } from '#adapters/slack/inbound/drills.ts';
import { usualName } from '#adapters/slack/inbound/names.ts';
import { propose } from '#adapters/slack/inbound/propose.ts';
import { refused } from '#adapters/slack/inbound/refused.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import {
  ROLLOUT_USAGE,
  type RolloutRequest,
  readFlagValue,
  readRollout,
} from '#adapters/slack/inbound/rollout-syntax.ts';
import { type Outcome, steer } from '#adapters/slack/inbound/steer.ts';
import { helpWords } from '#adapters/slack/inbound/usage-words.ts';
import { waitWords } from '#adapters/slack/inbound/wait-words.ts';
import { misread, writeDown } from '#adapters/slack/inbound/write-down.ts';
import type { AuditTarget } from '#domain/audit.ts';
import { no, yes } from '#domain/result.ts';

export type Typed = Asking & { readonly text: string };

/** Answers `/rollout …`. It reads the words, does one thing, and says what came of it. */
export async function answerRollout(deps: AnswerDeps, typed: Typed): Promise<Reply> {
  const read = readRollout(typed.text);
  const isStop = read.ok && STOPS.has(read.value.ask);
  const waitMs = deps.limits.waitMs(typed.person.userId, isStop ? 'stop' : 'other');
  if (waitMs > 0) return ephemeral(waitWords(waitMs));
  if (!read.ok) return await misread(deps, typed, '/rollout', read.refusal);
  const request = withUsualNames(deps, read.value);
  const outcome = await answer(deps, typed, request);
  if (outcome.ok) return ephemeral(outcome.value);
  const target = targetOf(request);
  await writeDown(deps, typed, outcome.refusal, { action: request.ask, target });
  return refused(deps, outcome.refusal, target.service);
}

/** Whoever floods the bot with questions must still be able to stop something. */
const STOPS: ReadonlySet<RolloutRequest['ask']> = new Set(['pause', 'rollback', 'abort']);

function withUsualNames(deps: AnswerDeps, request: RolloutRequest): RolloutRequest {
  if ('service' in request && request.service)
    return { ...request, service: usualName(deps, request.service) };
  return 'key' in request && request.ask !== 'whois'
    ? { ...request, key: usualName(deps, request.key) }
    : request;
}

/** What a refusal is about, for the register; a key that belongs to a user is nobody's business. */
function targetOf(request: RolloutRequest): AuditTarget {
  if ('service' in request) return request.service ? { service: request.service } : {};
  return 'key' in request ? { flag: request.key } : {};
}

async function answer(deps: AnswerDeps, asking: Asking, request: RolloutRequest): Promise<Outcome> {
  switch (request.ask) {
    case 'start':
      return await propose(deps, asking, request);
    case 'promote':
      return await steer(deps, asking, request.service, { to: 'promote' });
    case 'pause':
    case 'resume':
    case 'abort':
      return await steer(deps, asking, request.service, {
        to: request.ask,
        reason: request.reason,
      });
    case 'rollback':
      return await rollBack(deps, asking, request);
    case 'unlock': {
      const { service, version, reason } = request;
      return await steer(deps, asking, service, { to: 'unlock', version, reason });
    }
    case 'drill':
      return await drillRollbackFor(deps, asking, request.service);
    case 'flag_set':
    case 'flag_allow':
    case 'flag_disallow':
    case 'flag_archive':
      return await changeOneFlag(deps, asking, request);
    default:
      return tell(deps, request);
  }
}

type Ask<Name extends RolloutRequest['ask']> = RolloutRequest & { readonly ask: Name };

/** The word after the service is a version only where it was stable once; else it begins the reason. */
async function rollBack(
  deps: AnswerDeps,
  asking: Asking,
  { service, version, reason }: Ask<'rollback'>,
): Promise<Outcome> {
  const [first = '', ...rest] = reason.split(' ');
  const known = deps.queries.service(service);
  const isVersion = known?.stable === first || known?.former.includes(first);
  const to = version || (isVersion ? first : '');
  return await steer(deps, asking, service, {
    to: 'rollback',
    reason: !version && isVersion ? rest.join(' ') : reason,
    ...(to && { version: to }),
  });
}

type FlagAsk = Ask<'flag_set' | 'flag_allow' | 'flag_disallow' | 'flag_archive'>;

async function changeOneFlag(deps: AnswerDeps, asking: Asking, request: FlagAsk): Promise<Outcome> {
  const { key } = request;
  switch (request.ask) {
    case 'flag_set': {
      const value = readFlagValue(request.value);
      if (!value) return no({ code: 'bad_percentage', given: request.value });
      const { approvalAbovePercent } = deps.settings().flags;
      return await changeFlagFor(deps, asking, key, { to: 'set', value, approvalAbovePercent });
    }
    case 'flag_allow':
      return await changeFlagFor(deps, asking, key, { to: 'allow', users: request.users });
    case 'flag_disallow':
      return await changeFlagFor(deps, asking, key, { to: 'disallow', users: request.users });
    case 'flag_archive':
      return await changeFlagFor(deps, asking, key, { to: 'archive' });
  }
}

type Question = Ask<'status' | 'list' | 'why' | 'whois' | 'history' | 'flag_list' | 'help'>;

function tell(deps: AnswerDeps, request: Question): Outcome {
  switch (request.ask) {
    case 'status':
      return request.service ? statusOf(deps, request.service) : yes(overview(deps));
    case 'list':
      return yes(releasesInProgress(deps));
    case 'why':
      return why(deps, request.service);
    case 'whois':
      return whois(deps, request.service, request.key);
    case 'history':
      return history(deps, request.service || undefined);
    case 'flag_list':
      return yes(flagList(deps));
    case 'help':
      return yes(
        [HELP, helpWords(deps, { command: '/rollout', usage: ROLLOUT_USAGE, shown: SHOWN })].join(
          '\n',
        ),
      );
  }
}

const HELP =
  'A release takes a service from its stable version to a candidate, step by step. An operator starts it, somebody else approves, and any full member may stop it.';
const SHOWN = ['start', 'promote', 'rollback', 'why', 'whois'];
