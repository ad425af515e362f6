import type { Typed } from '#adapters/slack/inbound/answer-rollout.ts';
import { killList } from '#adapters/slack/inbound/answers/lists.ts';
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { drillKillFor } from '#adapters/slack/inbound/drills.ts';
import { type Kill, kill, letGo } from '#adapters/slack/inbound/kill.ts';
import { killButton, killMeantButton } from '#adapters/slack/inbound/kill-buttons.ts';
import { KILLSWITCH_USAGE, readKillswitch } from '#adapters/slack/inbound/killswitch-syntax.ts';
import { usualName } from '#adapters/slack/inbound/names.ts';
import { refused } from '#adapters/slack/inbound/refused.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { helpWords } from '#adapters/slack/inbound/usage-words.ts';
import { waitWords } from '#adapters/slack/inbound/wait-words.ts';
import { misread } from '#adapters/slack/inbound/write-down.ts';
import { fromPerson } from '#adapters/words/escape.ts';

/** Answers `/killswitch …`. */
export async function answerKillswitch(deps: AnswerDeps, typed: Typed): Promise<Reply> {
  const read = readKillswitch(typed.text);
  const isStop = read.ok && read.value.ask === 'on';
  const waitMs = deps.limits.waitMs(typed.person.userId, isStop ? 'stop' : 'other');
  if (waitMs > 0) return ephemeral(waitWords(waitMs));
  if (!read.ok) return await misread(deps, typed, '/killswitch', read.refusal);
  const request = read.value;
  switch (request.ask) {
    case 'on': {
      const name = usualName(deps, request.name);
      return await answerKill(deps, typed, { ...request, name, confirmed: false });
    }
    case 'off': {
      const name = usualName(deps, request.name);
      const outcome = await letGo(deps, typed, { name, reason: request.reason });
      return outcome.ok ? ephemeral(outcome.value) : refused(deps, outcome.refusal);
    }
    case 'drill': {
      const outcome = await drillKillFor(deps, typed, usualName(deps, request.name));
      return outcome.ok ? ephemeral(outcome.value) : refused(deps, outcome.refusal);
    }
    case 'list':
      return ephemeral(killList(deps));
    case 'help':
      return ephemeral(
        [
          HELP,
          helpWords(deps, { command: '/killswitch', usage: KILLSWITCH_USAGE, shown: SHOWN }),
        ].join('\n'),
      );
  }
}

/** Also the answer to the button that confirms, and to the one that says what was meant. */
export async function answerKill(deps: AnswerDeps, asking: Asking, wish: Kill): Promise<Reply> {
  const { name, reason } = wish;
  const outcome = await kill(deps, asking, wish);
  if (!outcome.ok) return refused(deps, outcome.refusal);
  const done = outcome.value;
  if (done.what === 'to_confirm')
    return ephemeral(CONFIRM(fromPerson(name)), [killButton(name, reason)]);
  const { words, meant } = done;
  return ephemeral(words, meant === undefined ? [] : [killMeantButton(meant, reason)]);
}

const CONFIRM = (name: string) =>
  `“${name}” stops every action of every service. You are not an operator, so this takes one more click; nothing was done yet.`;

const HELP =
  'A kill switch stops actions at once without changing any version. Its name is what agents ask for; a service’s name stops that service, and `global` stops everything. Any full member may switch it on, an operator switches it off. `drill` tries the way of a kill and stops nothing.';
const SHOWN = ['on', 'off', 'drill'];
