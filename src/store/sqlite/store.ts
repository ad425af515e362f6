import { verdicts } from '#db/schema.ts';
import type { AuditDraft } from '#domain/audit.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { reviewOf } from '#domain/review.ts';
import type { Change, JudgedWindow } from '#domain/service.ts';
import { packWindow } from '#store/log-counts.ts';
import type {
  Aggregate,
  AggregateKind,
  Aggregates,
  ChangeStore,
  Commit,
  CommitListener,
  Committed,
  Refused,
  Request,
} from '#store/port.ts';
import { type AggregateFiles, createAggregateFiles } from '#store/sqlite/aggregates.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';
import { createInbox, type Inbox } from '#store/sqlite/inbox.ts';
import { createDebts } from '#store/sqlite/outbox.ts';
import { createRegister } from '#store/sqlite/register.ts';
import type { Loaded } from '#store/sqlite/services.ts';

type Parts = {
  readonly files: AggregateFiles;
  readonly register: ReturnType<typeof createRegister>;
  readonly inbox: Inbox;
  readonly owe: ReturnType<typeof createDebts>;
  readonly saveWindow: ReturnType<typeof createWindowSaver>;
};

/** The one write path over SQLite: load, decide, and commit everything that follows, or nothing. */
export function createSqliteStore(db: Database): ChangeStore {
  const parts: Parts = {
    files: createAggregateFiles(db),
    register: createRegister(db),
    inbox: createInbox(db),
    owe: createDebts(db),
    saveWindow: createWindowSaver(db),
  };
  const listeners: CommitListener[] = [];

  return {
    onCommit: (listener) => {
      listeners.push(listener);
    },
    change: async (aggregate, decide, request) => {
      // Whoever only delivers again needs no turn at writing: it neither waits for one nor takes it.
      const repeated = repeatOf(parts, aggregate, request);
      if (repeated) return repeated;
      const { outcome, commit } = inTransaction(
        db,
        () => changeInside(parts, aggregate, decide, request),
        request.isRetried ? 'none' : 'usual',
      );
      if (commit) for (const listener of listeners) listener(commit);
      return outcome;
    },
  };
}

type Done<State> = {
  readonly outcome: Result<Committed<State>, Refusal>;
  /** Absent when nothing was written. */
  readonly commit?: Commit;
};

function changeInside<Kind extends AggregateKind>(
  parts: Parts,
  aggregate: Aggregate<Kind>,
  decide: (state: Aggregates[Kind]) => Result<Change<Aggregates[Kind]>, Refused>,
  request: Request,
): Done<Aggregates[Kind]> {
  const { files, register, inbox, owe, saveWindow } = parts;
  // It may have been decided by somebody else since the first look, and from here on cannot be.
  const repeated = repeatOf(parts, aggregate, request);
  if (repeated) return { outcome: repeated };

  const before = files.load(aggregate);
  const state = stateOf<Kind>(before);
  const decision = decide(state);
  if (!decision.ok) {
    const { refusal, audit } = decision.refusal;
    const auditSeq = audit ? register.append(audit, request) : null;
    inbox.remember(request, { auditSeq, refusal });
    return { outcome: no(refusal), ...(audit && { commit: { aggregate, state, audit } }) };
  }
  const { next, audit, owes, judged } = decision.value;
  const isNothing = next === state && !audit && owes.length === 0 && !judged;
  if (isNothing) return { outcome: yes({ state, repeated: false }) };
  files.save(aggregate, { generation: before.generation + 1, state: next }, state);
  if (judged) saveWindow(judged);
  const auditSeq = audit ? enter(parts, audit, request) : null;
  owe(owes, request.at);
  inbox.remember(request, { auditSeq });
  return {
    outcome: yes({ state: next, ...seqOf(auditSeq), repeated: false }),
    commit: { aggregate, state: next, ...(audit && { audit }), ...(judged && { judged }) },
  };
}

/** An emergency waits for its review from the moment that it stands in the register. */
function enter({ register, files }: Parts, draft: AuditDraft, request: Request): number {
  const seq = register.append(draft, request);
  const review = reviewOf(draft, seq);
  if (review)
    files.save({ kind: 'reviews', name: `${seq}` }, { generation: 1, state: [review] }, []);
  return seq;
}

/** A repeated delivery gets what the first one got. */
function repeatOf<Kind extends AggregateKind>(
  { inbox, files }: Parts,
  aggregate: Aggregate<Kind>,
  { inboxKey }: Request,
): Result<Committed<Aggregates[Kind]>, Refusal> | undefined {
  const answered = inbox.find(inboxKey);
  if (!answered) return undefined;
  if (answered.refusal) return no(answered.refusal);
  const state = stateOf<Kind>(files.load(aggregate));
  return yes({ state, ...seqOf(answered.auditSeq), repeated: true });
}

/** The loader is chosen by the kind, so its state is of that kind. */
const stateOf = <Kind extends AggregateKind>({ state }: Loaded<Aggregates[AggregateKind]>) =>
  state as Aggregates[Kind];

const seqOf = (auditSeq: number | null) => (auditSeq === null ? {} : { auditSeq });

/** The end of the window is in the key, so a window that was judged before changes nothing. */
function createWindowSaver(db: Database) {
  const insert = db.insert(verdicts).values(given(verdicts)).onConflictDoNothing().prepare();
  return ({ release, step, window, verdict }: JudgedWindow): void => {
    const { from: windowStart, to: windowEnd, weightPercent } = window;
    const { says, reason, words } = verdict;
    const [candidate, stable] = [packWindow(window.candidate), packWindow(window.stable)];
    const counted = { windowStart, windowEnd, weightPercent, candidate, stable };
    insert.run({ release, step, ...counted, says, reason, words });
  };
}
