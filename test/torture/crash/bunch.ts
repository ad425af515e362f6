/** A few installations in one process that is killed again and again, seen from outside of it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOCK, trusted } from '#domain/actor.ts';
import { asInstant } from '#domain/time.ts';
import { adoptSettings } from '#operations/adopt-settings.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { machine } from '#test/support/node-process.ts';
import { until } from '#test/support/until.ts';
import {
  owedIn,
  problemsInSlack,
  problemsOnFile,
  problemsWithAnswers,
} from '#test/torture/crash/aftermath.ts';
import { SETTINGS } from '#test/torture/crash/house-settings.ts';
import type { Death } from '#test/torture/crash/lane.ts';
import type { Asked, ToMortal, ToWatcher } from '#test/torture/crash/pipe.ts';
import { createPipeSlack } from '#test/torture/crash/pipe-slack.ts';

const HOOKS = fileURLToPath(new URL('hooks.ts', import.meta.url));
const MORTAL = fileURLToPath(new URL('mortal.ts', import.meta.url));
const QUIET_MS_MAX = 120_000;

export type Bunch = Awaited<ReturnType<typeof openBunch>>;

export async function openBunch(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-bunch-'));
  const houses = Array.from({ length: count }, (_, house) => ({
    path: join(folder, `${house}.db`),
    slack: createPipeSlack(),
    acknowledged: new Set<string>(),
  }));
  for (const { path } of houses) await adopt(path);
  let child: ChildProcess | undefined;
  /** What this process was asked and has not answered yet. */
  const unanswered = new Set<string>();
  const hear = (own: ChildProcess, told: ToWatcher) => {
    if (told.is === 'ready') return;
    const house = houses[told.house];
    if (told.is === 'acknowledged') {
      house?.acknowledged.add(told.key);
      unanswered.delete(told.key);
    } else tell(own, { is: 'answered', call: told.call, answer: house?.slack.answer(told) });
  };
  return {
    /** Resolves once it is ready, or dead before that; to die at a point, or when it is ended. */
    start: async (death?: Death) => {
      const own = fork(MORTAL, [folder, String(count)], {
        execArgv: ['--disable-warning=ExperimentalWarning', `--import=${HOOKS}`],
        env: { ...machine(), CRASH_LIGHTLY: 'yes', ...variablesOf(death) },
      });
      child = own;
      unanswered.clear();
      own.on('message', (told: ToWatcher) => hear(own, told));
      const ended = once(own, 'close').then(() => true);
      await Promise.race([once(own, 'message'), ended]);
      return { ended };
    },
    ask: (asked: Asked) => {
      unanswered.add(asked.key);
      if (child) tell(child, { is: 'asked', ...asked });
    },
    end: async () => {
      if (!child) return;
      const over = hasEnded(child) ? undefined : once(child, 'close');
      child.kill('SIGKILL');
      await over;
    },
    /** Waits until everything is answered and nothing is owed any more, anywhere. */
    quiet: () =>
      until(() => unanswered.size === 0 && houses.every(({ path }) => owedIn(path) === 0), {
        what: 'everything asked to be answered and told',
        everyMs: 100,
        withinMs: QUIET_MS_MAX,
      }),
    problems: () =>
      houses.flatMap(({ path, slack, acknowledged }, house) =>
        [
          ...problemsOnFile(path),
          ...problemsInSlack(slack.told(), path),
          ...problemsWithAnswers(acknowledged, path),
        ].map((problem) => `house ${house}: ${problem}`),
      ),
    acknowledged: () => houses.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
    told: () => houses.reduce((sum, { slack }) => sum + slack.told().length, 0),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function adopt(path: string): Promise<void> {
  const db = openDatabase(path);
  const clock = () => asInstant(Date.now());
  const deps = { store: createSqliteStore(db), queries: createQueries(db), clock };
  await adoptSettings(deps, SETTINGS, trusted(CLOCK), []);
  db.$client.close();
}

/** A pipe to a process that is gone is nobody's trouble. */
const tell = (child: ChildProcess, told: ToMortal) =>
  void (child.connected && child.send(told, () => {}));

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

const variablesOf = (death: Death | undefined) =>
  death && 'at' in death ? { CRASH_AT: death.at, CRASH_AT_PASS: String(death.pass) } : {};
