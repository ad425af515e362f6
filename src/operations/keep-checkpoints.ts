import type { AuditDraft } from '#domain/audit.ts';
import { yes } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';
import { HOUR_MS, type Instant } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import { createTurns, type TakeTurn } from '#operations/turns.ts';
import type {
  ChangeStore,
  Commit,
  CommitListener,
  RegisterStand,
  RegisterTree,
} from '#store/port.ts';

/** Signs how the register stands and keeps it beside the database; gives back the signed note. */
export type CheckpointIssuer = (stand: RegisterStand, at: Instant) => Promise<string>;

export type CheckpointDeps = {
  readonly store: ChangeStore;
  readonly tree: RegisterTree;
  readonly issue: CheckpointIssuer;
  readonly settings: () => Pick<Settings, 'audit'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onOutcome: (outcome: 'done' | 'failed') => void;
  /** While the register does not fit its last checkpoint, a new one would only hide that. */
  readonly isInDoubt: () => boolean;
};

export type CheckpointKeeper = {
  readonly onCommit: CommitListener;
  /** Writes one now; resolves once it is written, or once that has failed and is on file. */
  readonly renew: () => Promise<void>;
  /** Looks whether one is due: each hour, each hundred entries, or because the last try failed. */
  readonly look: () => void;
};

const POSTED_EVERY_ENTRIES = 100;
const SLICE = 2_000;

/**
 * Renews the checkpoint after whatever moved exposure, each hour and each hundred entries. It comes
 * after the commit and beside everything else, so that no kill and no rollback ever waits for it.
 */
export function createCheckpointKeeper(deps: CheckpointDeps): CheckpointKeeper {
  const { tree, clock, isInDoubt } = deps;
  const turn = createTurns();
  let period = '';
  let isWanted = false;
  let hasFailed = false;
  let running: Promise<void> | undefined;

  const write = async () => {
    while (isWanted && !isInDoubt()) {
      isWanted = false;
      hasFailed = !(await tryToIssue({ ...deps, turn }, hasFailed));
      if (hasFailed) return;
    }
  };
  const renew = () => {
    isWanted = true;
    running ??= write().finally(() => {
      running = undefined;
    });
    return running;
  };
  const look = () => {
    if (isInDoubt()) return;
    const now = periodOf(clock(), tree.size());
    if (now === period && !hasFailed) return;
    period = now;
    void renew();
  };
  return {
    onCommit: (commit) => {
      if (movesExposure(commit)) void renew();
      else if (commit.audit) look();
    },
    renew,
    look,
  };
}

/** One of these is posted once, also across restarts, because it names the request. */
const periodOf = (at: Instant, size: number) =>
  `${Math.floor(at / HOUR_MS)}:${Math.floor(size / POSTED_EVERY_ENTRIES)}`;

type IssueDeps = CheckpointDeps & { readonly turn: TakeTurn };

/** True once it is written, and owed to the channel when one is due there. */
async function tryToIssue(deps: IssueDeps, hasFailed: boolean): Promise<boolean> {
  const { log, onOutcome } = deps;
  try {
    await issueNow(deps);
    onOutcome('done');
    if (hasFailed) log.warn({}, 'Checkpoints of the register are written again');
    return true;
  } catch (error) {
    onOutcome('failed');
    // It is tried again every few seconds, which nobody needs to read each time.
    if (!hasFailed) log.error({ err: error }, 'The checkpoint of the register cannot be written');
    return false;
  }
}

async function issueNow(deps: IssueDeps): Promise<void> {
  const { tree, clock, turn, issue } = deps;
  // A database without a tree yet may have a million entries: the others take their turns between.
  do await turn();
  while (!tree.catchUp(SLICE));
  const stand = tree.stand();
  const at = clock();
  await owe(deps, await issue(stand, at), periodOf(at, stand.size), at);
}

async function owe(
  { store, settings }: CheckpointDeps,
  note: string,
  period: string,
  at: Instant,
): Promise<void> {
  if (settings().audit.channel === undefined) return;
  await store.change(
    { kind: 'register', name: 'checkpoint' },
    () => yes({ next: null, owes: [{ tell: 'checkpoint', note }] }),
    { at, inboxKey: `checkpoint:${period}` },
  );
}

function movesExposure({ aggregate: { kind }, audit }: Commit): boolean {
  if (audit?.outcome !== 'done') return false;
  return kind === 'killswitch' || kind === 'flag' || switchesTraffic(audit);
}

const switchesTraffic = ({ switchStatus }: AuditDraft) => switchStatus !== undefined;
