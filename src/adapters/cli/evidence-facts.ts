/** What an auditor asks about one release, gathered from the release, its windows and the register. */
import { z } from 'zod';
import { type Release, weightAt } from '#domain/release.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { actorText } from '#store/codec.ts';
import type { PastWindow } from '#store/queries.ts';

const Body = z.object({
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  action: z.string(),
  target: z.object({ release: z.number().optional(), killswitch: z.string().optional() }),
  from: z.string(),
  to: z.string(),
  step: z.object({ number: z.number(), weight_percent: z.number() }).optional(),
  switch_status: z.string().optional(),
  reason: z.string(),
  outcome: z.string(),
});

export type Evidence = ReturnType<typeof evidenceOf>;
export type Gathered = {
  readonly release: Release;
  readonly windows: readonly PastWindow[];
  readonly entries: Iterable<ChainedEntry>;
  /** How many entries the newest checkpoint vouches for. */
  readonly vouchedFor: number;
};

export function evidenceOf({ release, windows, entries, vouchedFor }: Gathered) {
  const { facts, approvals } = release;
  const own = entriesOf(entries, facts.id);
  const entered = own.filter(
    ({ outcome, switch_status, step }) => outcome === 'done' && switch_status === 'owed' && step,
  );
  const steps = facts.plan.steps.map(({ approval }, index) => {
    const yes = approvals.find(({ step, upToStep }) => step <= index && index <= upToStep);
    const entry = entered.find(
      ({ step, action }) => step?.number === index + 1 && action !== 'rollback',
    );
    return {
      step: index + 1,
      weight_percent: weightAt(facts.plan, index),
      approval_planned: approval,
      entered: entry ? { at: entry.at, by: entry.by, register: entry.seq } : null,
      approved: yes
        ? {
            by: actorText(yes.by),
            at: new Date(yes.at).toISOString(),
            is_not_requester: actorText(yes.by) !== actorText(facts.requestedBy),
            of_this_plan: yes.digest === facts.digest,
            judged: yes.judged,
          }
        : null,
    };
  });
  const said = Map.groupBy(windows, ({ says, reason }) => `${says}: ${reason}`);
  return {
    release: facts.id,
    service: facts.service,
    from: facts.stable,
    to: facts.candidate,
    outcome: release.phase,
    request: {
      by: actorText(facts.requestedBy),
      at: new Date(facts.requestedAt).toISOString(),
      note: facts.note,
    },
    plan: {
      digest: facts.digest,
      strategy: facts.plan.strategy,
      guards: facts.plan.guards.map(({ name }) => name),
    },
    steps,
    verdict_windows: Object.fromEntries([...said].map(([words, all]) => [words, all.length])),
    entries: own,
    missing: missingOf({ release, steps, windows, own, vouchedFor }),
  };
}

function entriesOf(entries: Iterable<ChainedEntry>, release: number) {
  const own = [];
  for (const { seq, body, hash } of entries) {
    // Most of a long register is about other releases, and reading all of it as JSON takes its time.
    if (!body.includes(`"release":${release}`)) continue;
    const { actor, target, ...entry } = Body.parse(JSON.parse(body));
    if (target.release !== release) continue;
    const { killswitch } = target;
    own.push({
      seq,
      hash: hash.toString('hex'),
      by: `${actor.kind}:${actor.id}`,
      ...(killswitch && { killswitch }),
      ...entry,
    });
  }
  return own;
}

type Known = Pick<Gathered, 'release' | 'windows' | 'vouchedFor'> & {
  readonly steps: readonly {
    readonly step: number;
    readonly entered: object | null;
    readonly approved: { readonly judged: boolean } | null;
  }[];
  readonly own: readonly { readonly seq: number; readonly action: string }[];
};

/** What an auditor would otherwise have to notice alone. */
function missingOf({ release, steps, windows, own, vouchedFor }: Known): readonly string[] {
  const said: string[] = [];
  for (const { step, entered, approved } of steps) {
    if (entered && !approved)
      said.push(`step ${step} was entered without an approval of its own, as the plan allows`);
    if (approved?.judged)
      said.push(
        `step ${step} was judged by two people on thin evidence, without the verdict allow`,
      );
  }
  if (!release.facts.note) said.push('the request has no note that says what was changed and why');
  if (windows.length === 0)
    said.push('no window of evidence is kept: none was judged, or its retention is over');
  const last = own.at(-1)?.seq ?? 0;
  if (own.length === 0) said.push('the register has no entry about it');
  else if (last > vouchedFor) said.push(`no checkpoint vouches for entry ${last} yet`);
  return said;
}
