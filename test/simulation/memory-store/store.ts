/**
 * The store in memory, behind the same ports as the one over SQLite and held to the same
 * conformance suite: a million releases are simulated in minutes instead of hours.
 */
import { newFlag } from '#domain/flag.ts';
import { untouched } from '#domain/killswitch.ts';
import { no, yes } from '#domain/result.ts';
import { REMINDERS_MAX, reviewOf } from '#domain/review.ts';
import { chain } from '#store/chain.ts';
import type {
  Aggregate,
  AggregateKind,
  Aggregates,
  ChangeStore,
  Commit,
  CommitListener,
  Journal,
  MessageLog,
} from '#store/port.ts';
import type { Disk } from '#test/simulation/memory-store/disk.ts';
import { owe } from '#test/simulation/memory-store/outbox.ts';
import { loadService, saveService } from '#test/simulation/memory-store/services.ts';

export function createMemoryStore(disk: Disk): ChangeStore {
  const listeners: CommitListener[] = [];
  const tell = (commit: Commit) => {
    for (const listener of listeners) listener(commit);
  };
  return {
    onCommit: (listener) => void listeners.push(listener),
    change: async (aggregate, decide, request) => {
      const { at, inboxKey } = request;
      const state = load(disk, aggregate);
      const answered = inboxKey === undefined ? undefined : disk.inbox.get(inboxKey);
      if (answered) {
        const { refusal, auditSeq } = answered;
        return refusal ? no(refusal) : yes({ state, ...seqOf(auditSeq), repeated: true });
      }
      const decision = decide(state);
      const { audit } = decision.ok ? decision.value : decision.refusal;
      const isNothing =
        decision.ok &&
        decision.value.next === state &&
        !audit &&
        decision.value.owes.length === 0 &&
        !decision.value.judged;
      if (isNothing) return yes({ state, repeated: false });

      const entry = audit && chain(disk.register.at(-1), audit, request);
      if (entry) disk.register.push(entry);
      const review = audit && entry && reviewOf(audit, entry.seq);
      if (review) disk.reviews.set(review.entry, review);
      const auditSeq = entry?.seq ?? null;
      if (!decision.ok) {
        const { refusal } = decision.refusal;
        if (inboxKey !== undefined) disk.inbox.set(inboxKey, { auditSeq, refusal });
        if (audit) tell({ aggregate, state, audit });
        return no(refusal);
      }
      const { next, owes, judged } = decision.value;
      save(disk, aggregate, next);
      if (judged) disk.windows.set(`${judged.release}:${judged.window.to}`, judged);
      owe(disk, owes, at);
      if (inboxKey !== undefined) disk.inbox.set(inboxKey, { auditSeq });
      tell({ aggregate, state: next, ...(audit && { audit }), ...(judged && { judged }) });
      return yes({ state: next, ...seqOf(auditSeq), repeated: false });
    },
  };
}

const seqOf = (auditSeq: number | null) => (auditSeq === null ? {} : { auditSeq });

function load<Kind extends AggregateKind>(disk: Disk, aggregate: Aggregate<Kind>) {
  const { name } = aggregate;
  const loaders = {
    service: () => loadService(disk, aggregate),
    flag: () => disk.flags.get(name) ?? newFlag(name),
    killswitch: () => disk.killSwitches.get(name) ?? untouched(name),
    version: () => disk.versions.get(name),
    register: () => null,
    roles: () => disk.roles,
    reviews: () => reviewsFor(disk, name),
  };
  // The loader is chosen by the kind, so its state is of that kind.
  return loaders[aggregate.kind]() as Aggregates[Kind];
}

function save(disk: Disk, { kind, name }: Aggregate, next: Aggregates[AggregateKind]): void {
  if (!next) return;
  // The kind names the type of the state, a link between two unions that types cannot follow.
  if (kind === 'service') saveService(disk, next as NonNullable<Aggregates['service']>);
  if (kind === 'flag') disk.flags.set(name, next as Aggregates['flag']);
  if (kind === 'killswitch') disk.killSwitches.set(name, next as Aggregates['killswitch']);
  if (kind === 'roles') disk.roles = next as NonNullable<Aggregates['roles']>;
  if (kind === 'reviews')
    for (const one of next as Aggregates['reviews']) disk.reviews.set(one.entry, one);
  if (kind === 'version' && !disk.versions.has(name))
    disk.versions.set(name, next as NonNullable<Aggregates['version']>);
}

const reviewsFor = ({ reviews }: Disk, name: string) =>
  [...reviews.values()].filter(({ entry, done, reminders }) =>
    name === 'waiting' ? !done && reminders < REMINDERS_MAX : `${entry}` === name,
  );

export const createMemoryMessageLog = ({ messages }: Disk): MessageLog => ({
  find: (subject) => messages.get(subject),
  remember: (subject, place) => void messages.set(subject, place),
  forget: (subject) => void messages.delete(subject),
});

export const createMemoryJournal = ({ journal }: Pick<Disk, 'journal'>): Journal => ({
  append: (kill) => {
    journal.set(kill.key, kill);
    return true;
  },
  pending: () => [...journal.values()],
  tryWriting: () => true,
  clear: (key) => void journal.delete(key),
});
