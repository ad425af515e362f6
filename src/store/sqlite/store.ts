import { eq } from '#db/drizzle.ts';
import { inbox, verdicts } from '#db/schema.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Change, JudgedWindow } from '#domain/service.ts';
import { decode } from '#store/codec.ts';
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
import { owe } from '#store/sqlite/outbox.ts';
import { createRegister } from '#store/sqlite/register.ts';

type Parts = {
  readonly db: Database;
  readonly files: AggregateFiles;
  readonly register: ReturnType<typeof createRegister>;
};

/** The one write path over SQLite: load, decide, and commit everything that follows, or nothing. */
export function createSqliteStore(db: Database): ChangeStore {
  const parts: Parts = { db, files: createAggregateFiles(db), register: createRegister(db) };
  const listeners: CommitListener[] = [];

  return {
    onCommit: (listener) => {
      listeners.push(listener);
    },
    change: async (aggregate, decide, request) => {
      const { outcome, commit } = inTransaction(db, () =>
        changeInside(parts, aggregate, decide, request),
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
  const { db, files, register } = parts;
  const before = files.load(aggregate);
  // The loader is chosen by the kind, so its state is of that kind.
  const state = before.state as Aggregates[Kind];
  const answered = findAnswer(db, request.inboxKey);
  if (answered) return { outcome: again(answered, state) };

  const decision = decide(state);
  if (!decision.ok) {
    const { refusal, audit } = decision.refusal;
    const auditSeq = audit ? register.append(audit) : null;
    remember(db, request, { auditSeq, refusal });
    return { outcome: no(refusal), ...(audit && { commit: { aggregate, state, audit } }) };
  }
  const { next, audit, owes, judged } = decision.value;
  const isNothing = next === state && !audit && owes.length === 0 && !judged;
  if (isNothing) return { outcome: yes({ state, repeated: false }) };
  files.save(aggregate, { generation: before.generation + 1, state: next }, state);
  if (judged) saveWindow(db, judged);
  const auditSeq = audit ? register.append(audit) : null;
  owe(db, owes, request.at);
  remember(db, request, { auditSeq });
  return {
    outcome: yes({ state: next, ...seqOf(auditSeq), repeated: false }),
    commit: { aggregate, state: next, ...(audit && { audit }), ...(judged && { judged }) },
  };
}

type Answer = { readonly auditSeq: number | null; readonly refusal?: Refusal };

/** A repeated delivery gets what the first one got. */
const again = <State>({ auditSeq, refusal }: Answer, state: State) =>
  refusal ? no(refusal) : yes({ state, ...seqOf(auditSeq), repeated: true });

const seqOf = (auditSeq: number | null) => (auditSeq === null ? {} : { auditSeq });

function findAnswer(db: Database, key: string | undefined): Answer | undefined {
  if (key === undefined) return undefined;
  const row = db.select().from(inbox).where(eq(inbox.key, key)).get();
  if (!row) return undefined;
  return {
    auditSeq: row.auditSeq,
    ...(row.refusal !== null && { refusal: decode('refusal', row.refusal, `inbox ${key}`) }),
  };
}

function remember(db: Database, { inboxKey: key, at }: Request, answer: Answer): void {
  if (key === undefined) return;
  const { auditSeq, refusal = null } = answer;
  db.insert(inbox).values({ key, at, auditSeq, refusal }).run();
}

/** The end of the window is in the key, so a window that was judged before changes nothing. */
function saveWindow(db: Database, { release, step, window, verdict }: JudgedWindow): void {
  db.insert(verdicts)
    .values({
      release,
      step,
      windowStart: window.from,
      windowEnd: window.to,
      weightPercent: window.weightPercent,
      candidate: window.candidate,
      stable: window.stable,
      says: verdict.says,
      reason: verdict.reason,
      words: verdict.words,
    })
    .onConflictDoNothing()
    .run();
}
