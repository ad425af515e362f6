/** What an auditor asks about one release, gathered from the release, its windows and the register. */
import { countsOfStep, instantText } from '#adapters/cli/evidence-counts.ts';
import type { EvidenceEntry, ReleaseEntries } from '#adapters/cli/evidence-entries.ts';
import type { RegisterStand } from '#adapters/cli/evidence-register.ts';
import { guardsInWords } from '#adapters/slack/views/guard-words.ts';
import { type Release, weightAt } from '#domain/release.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import { actorText } from '#store/codec.ts';
import type { PastWindow } from '#store/queries.ts';

export type Gathered = {
  readonly release: Release;
  readonly version: RegisteredVersion | undefined;
  readonly windows: readonly PastWindow[];
  readonly entries: ReleaseEntries;
  readonly register: RegisterStand;
};

export type Facts = ReturnType<typeof factsOf>;

export function factsOf({ release, version, windows, entries, register }: Gathered) {
  const { facts } = release;
  const { own, meanwhile, registered, reviews } = entries;
  return {
    release: facts.id,
    service: facts.service,
    from: facts.stable,
    to: facts.candidate,
    outcome: release.phase,
    request: {
      by: actorText(facts.requestedBy),
      at: instantText(facts.requestedAt),
      note: facts.note,
    },
    version: version ? versionFacts(version, registered) : null,
    plan: {
      digest: facts.digest,
      strategy: facts.plan.strategy,
      guards: guardsInWords(facts.plan),
      back_out: {
        to: facts.stable,
        mode: facts.plan.rollback.mode,
        lock_candidate: facts.plan.rollback.lockCandidate,
        kill: facts.plan.rollback.kill,
      },
    },
    steps: stepsOf(release, windows, own),
    entries: own,
    meanwhile,
    reviews,
    register,
  };
}

function versionFacts(version: RegisteredVersion, registered: readonly EvidenceEntry[]) {
  const { commit = null, digest = null, link = null, authors } = version;
  return {
    ...{ commit, digest, link, authors },
    registered: {
      by: actorText(version.registeredBy),
      at: instantText(version.registeredAt),
      register: registered.find(({ outcome }) => outcome === 'done')?.seq ?? null,
    },
  };
}

function stepsOf(
  { facts, approvals }: Release,
  windows: readonly PastWindow[],
  own: readonly EvidenceEntry[],
) {
  const requester = actorText(facts.requestedBy);
  return facts.plan.steps.map(({ approval }, index) => {
    const ofStep = own.filter(
      ({ outcome, step, action }) =>
        outcome === 'done' && step?.number === index + 1 && action !== 'rollback',
    );
    const entry = ofStep.find(({ switch_status }) => switch_status === 'owed');
    const applied = ofStep.find(({ switch_status }) => switch_status === 'applied');
    const yes = approvals.find(({ step, upToStep }) => step <= index && index <= upToStep);
    const ofThis = windows.filter(({ step }) => step === index);
    return {
      step: index + 1,
      weight_percent: weightAt(facts.plan, index),
      approval_planned: approval,
      approved: yes
        ? {
            by: actorText(yes.by),
            at: instantText(yes.at),
            is_not_requester: actorText(yes.by) !== requester,
            of_this_plan: yes.digest === facts.digest,
            judged: yes.judged,
          }
        : null,
      entered: entry ? { at: entry.at, by: entry.by, register: entry.seq } : null,
      applied: applied ? { at: applied.at, register: applied.seq } : null,
      counted: countsOfStep(facts.plan, ofThis),
    };
  });
}
