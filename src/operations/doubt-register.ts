import { type Asker, CLOCK, trusted } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { readCheckpoint } from '#domain/checkpoint.ts';
import type { Doubt } from '#domain/doubt.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed, RegisterTree } from '#store/port.ts';

/** Whether the register fits its last checkpoint; once somebody has accepted it, it does. */
export type DoubtHolder = {
  readonly current: () => Doubt | undefined;
  readonly lift: () => void;
};

export function holdDoubt(first: Doubt | undefined): DoubtHolder {
  let doubt = first;
  return {
    current: () => doubt,
    lift: () => {
      doubt = undefined;
    },
  };
}

/**
 * Compares the register with the checkpoints found beside it. Who signed them does not matter here:
 * a forged one can only make us more careful, and whoever could forge it could also remove it.
 */
export function findDoubt(
  tree: Pick<RegisterTree, 'size' | 'hashOf'>,
  notes: readonly string[],
): Doubt | undefined {
  const entries = tree.size();
  for (const note of notes) {
    const checkpoint = readCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
    if (!checkpoint) return { because: 'unreadable', entries, known: 0, head: '' };
    const { size: known, head } = checkpoint;
    if (known > entries) return { because: 'older', entries, known, head };
    if (tree.hashOf(known) !== head) return { because: 'different', entries, known, head };
  }
  return undefined;
}

export type DoubtDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly doubt: DoubtHolder;
};

/** Says once, in the register and to everybody, that something has to be looked at. */
export async function tellDoubt({ store, clock, doubt }: DoubtDeps): Promise<void> {
  const found = doubt.current();
  if (!found) return;
  const at = clock();
  const { because, known, entries, head } = found;
  await store.change(
    { kind: 'register', name: 'doubt' },
    () =>
      yes({
        next: null,
        audit: doubtEntry(found, trusted(CLOCK), at, {
          action: 'doubt_register',
          reason: `the checkpoint beside it knows something else: ${because}`,
        }),
        owes: [{ tell: 'channel', notice: { what: 'register_in_doubt', because, known, entries } }],
      }),
    { at, inboxKey: `doubt:${known}:${head}` },
  );
}

export type AcceptDeps = DoubtDeps & { readonly renew: () => Promise<void> };
export type Acceptance = { readonly by: Asker; readonly reason: string };

/** A person has looked: the register goes on from here, and the next checkpoint says so too. */
export async function acceptRegister(
  { store, clock, doubt, renew }: AcceptDeps,
  { by, reason }: Acceptance,
): Promise<Result<Committed<null>, Refusal>> {
  const found = doubt.current();
  if (!found) return no({ code: 'nothing_to_accept' });
  if (!reason) return no({ code: 'reason_missing' });
  const at = clock();
  const outcome = await store.change(
    { kind: 'register', name: 'doubt' },
    () =>
      yes({
        next: null,
        audit: doubtEntry(found, by, at, { action: 'accept_register', reason }),
        owes: [{ tell: 'channel', notice: { what: 'register_accepted', by: by.actor, reason } }],
      }),
    requestOf({ by }, at),
  );
  if (outcome.ok) {
    doubt.lift();
    await renew();
  }
  return outcome;
}

function doubtEntry(
  { because, known, entries, head }: Doubt,
  { actor }: Asker,
  at: Instant,
  { action, reason }: { readonly action: string; readonly reason: string },
): AuditDraft {
  return {
    at,
    actor,
    action,
    target: {},
    from: `${known} entries`,
    to: `${entries} entries`,
    reason,
    outcome: 'done',
    details: { because, head_of_checkpoint: head },
  };
}
