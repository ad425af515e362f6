import type { AgentDeps, Refused } from '#adapters/agents/agent-deps.ts';
import type { PipelinePorts } from '#adapters/agents/pipeline.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { type Actor, type Asker, trusted } from '#domain/actor.ts';
import type { Refusal } from '#domain/refusal.ts';
import { assert, no, yes } from '#domain/result.ts';
import { registerVersion } from '#operations/register-version.ts';
import { type StartDeps, startRelease } from '#operations/start-release.ts';
import { type KillDeps, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type AgentPortDeps = StartDeps & KillDeps;

/** What programs may ask for on the agents' port, in the operations' words. */
export function createAgentPorts(
  deps: AgentPortDeps,
): Pick<AgentDeps, 'killOn' | 'refuseKillOff'> & PipelinePorts {
  return {
    killOn: async ({ name, reason, by, key: inboxKey }) => {
      const intent = { to: 'on', by: holderOf(by), reason } as const;
      const outcome = await throwKillSwitch(deps, { name, intent, ...(inboxKey && { inboxKey }) });
      if (outcome.ok) return yes({ already: false, durable: outcome.value.written !== 'nowhere' });
      const isOn = outcome.refusal.code === 'already_on';
      return isOn ? yes({ already: true, durable: true }) : no(inWords(outcome.refusal));
    },
    refuseKillOff: async ({ name, reason, by }) => {
      const intent = { to: 'off', by: holderOf(by), reason } as const;
      const outcome = await throwKillSwitch(deps, { name, intent });
      assert(!outcome.ok, 'a token never lets a kill switch go');
      return inWords(outcome.refusal);
    },
    registerVersion: async ({ by, ...request }) => {
      const outcome = await registerVersion(deps, { ...request, by: holderOf(by) });
      if (!outcome.ok) return no(inWords(outcome.refusal));
      return yes({ known: outcome.value.auditSeq === undefined });
    },
    propose: async ({ by, idempotencyKey, ...wish }) => {
      const inboxKey = `propose:${by.id}:${idempotencyKey ?? deps.uniqueId()}`;
      const outcome = await startRelease(deps, { ...wish, by: holderOf(by), inboxKey });
      if (!outcome.ok) return no(inWords(outcome.refusal));
      const { live } = outcome.value.state;
      const release = live?.facts.id ?? 0;
      const next = live?.phase === 'proposed' ? 'waits for an approver' : 'has begun';
      return yes({ release, words: `Release #${release} ${next}.` });
    },
  };
}

/** The scope of a token was checked at the door; a token may ask, and never approve. */
const holderOf = (actor: Actor): Asker => trusted(actor, { via: 'http' });

const inWords = (refusal: Refusal): Refused => ({
  code: refusal.code,
  words: refusalWords(refusal),
});
