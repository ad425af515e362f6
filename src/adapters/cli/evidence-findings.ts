/** What an auditor would otherwise have to notice alone: what is missing, and what was no routine. */
import type { EvidenceEntry } from '#adapters/cli/evidence-entries.ts';
import type { Facts } from '#adapters/cli/evidence-facts.ts';

export type Exception = {
  readonly what: string;
  readonly by: string;
  readonly at: string;
  readonly register: number | null;
  readonly reason: string;
  /** Absent where none is asked for. */
  readonly review?: ReviewFacts;
};

/** Who has looked at an emergency and what was found, or since when it waits for that. */
type ReviewFacts =
  | {
      readonly by: string;
      readonly at: string;
      readonly note: string;
      readonly register: number;
    }
  | { readonly waits_since: string };

/** What each action is called that is no part of a release that goes well. */
const EXCEPTIONAL: Readonly<Record<string, string>> = {
  stop_asked: 'people asked to roll back',
  rollback: 'rolled back',
  watch_stop: 'guard broken after completion',
  abort: 'aborted',
  kill_on: 'kill switch thrown',
  kill_off: 'kill switch switched off',
  unlock: 'locked version unlocked',
  doubt_register: 'register did not fit its checkpoint',
  accept_register: 'register accepted as it is',
};

export type Evidence = Facts & ReturnType<typeof findingsIn>;

export function findingsIn(facts: Facts) {
  const exceptions = exceptionsIn(facts);
  return { exceptions, missing: missingIn(facts, exceptions) };
}

function exceptionsIn({ steps, entries, meanwhile, reviews }: Facts): readonly Exception[] {
  const ofSteps = steps.flatMap(({ step, entered, approved }): Exception[] => {
    if (!entered) return [];
    const { by, at, register } = entered;
    if (!approved)
      return [
        {
          ...{ by, at, register, reason: 'the plan allows it' },
          what: `step ${step} entered without an approval of its own`,
        },
      ];
    if (!approved.judged) return [];
    const what = `step ${step} judged by two people`;
    return [{ what, by: approved.by, at, register, reason: 'the evidence was too thin for allow' }];
  });
  const ofEntries = [...entries, ...meanwhile].flatMap((entry): Exception[] => {
    const { action, outcome, actor, target, by, at, seq, reason, emergency } = entry;
    const words = EXCEPTIONAL[action];
    if (words === undefined || outcome !== 'done') return [];
    const byHand = HANDS.includes(actor.kind) ? ' by hand' : '';
    const named = target.killswitch === undefined ? '' : `: ${target.killswitch}`;
    const review = emergency && { review: reviewOf(entry, reviews) };
    return [{ what: `${words}${byHand}${named}`, by, at, register: seq, reason, ...review }];
  });
  return [...ofSteps, ...ofEntries].toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

function reviewOf({ seq, at }: EvidenceEntry, all: readonly EvidenceEntry[]): ReviewFacts {
  const done = all.find(({ reviews }) => reviews === seq);
  if (!done) return { waits_since: at };
  return { by: done.by, at: done.at, note: done.reason, register: done.seq };
}

const HANDS: readonly string[] = ['user', 'cli', 'token'];

function missingIn(facts: Facts, exceptions: readonly Exception[]): readonly string[] {
  const { request, version, steps, entries, register } = facts;
  const last = entries.at(-1)?.seq ?? 0;
  // None vouches for a register that does not fit.
  const vouchedFor = register.checkpoint?.size ?? 0;
  const beyond = vouchedFor === 0 ? 'any of its entries' : `its entries after entry ${vouchedFor}`;
  return [
    ...(request.note ? [] : ['the request has no note that says what was changed and why']),
    ...missingOfVersion(version),
    ...steps.flatMap(missingOfStep),
    ...exceptions.flatMap(({ register: entry, review }) =>
      review && 'waits_since' in review
        ? [`nobody else has reviewed the emergency of entry ${entry} yet`]
        : [],
    ),
    ...(entries.length === 0 ? ['the register has no entry about it'] : []),
    ...(last > vouchedFor ? [`no checkpoint vouches yet for ${beyond}`] : []),
  ];
}

function missingOfVersion(version: Facts['version']): readonly string[] {
  if (!version)
    return [
      'no pipeline registered the version, so nothing says what it was built from and by whom',
    ];
  const { commit, link, authors } = version;
  return [
    ...(commit ? [] : ['the version was registered without a commit']),
    ...(link ? [] : ['the version was registered without a link to what changed']),
    ...(authors.length > 0
      ? []
      : ['the version was registered without authors, so none of them was kept from approving']),
  ];
}

function missingOfStep({
  step,
  weight_percent,
  entered,
  applied,
  counted,
}: Facts['steps'][number]) {
  if (!entered) return [];
  return [
    ...(applied ? [] : [`nobody read back that traffic was set to step ${step}`]),
    ...(counted || weight_percent === 0
      ? []
      : [`no window of step ${step} is kept: none was judged, or its retention is over`]),
  ];
}
