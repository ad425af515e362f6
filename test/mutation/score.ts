import type { Note } from '#test/mutation/notes.ts';
import type { Mutant } from '#test/mutation/plant.ts';

export type FileScore = {
  readonly file: string;
  readonly killed: number;
  readonly timedOut: number;
  readonly survivors: readonly Mutant[];
  /** Code that runs once, when its module is loaded: its switch is passed before any test begins. */
  readonly onlyLoaded: number;
};

export function scoreFiles(
  mutants: readonly Mutant[],
  notes: readonly Note[],
): readonly FileScore[] {
  const { reached, loaded, killed, timedOut } = findings(notes);
  return [...Map.groupBy(mutants, ({ file }) => file)].map(([file, own]) => {
    const fates = Object.groupBy(own, (mutant) => {
      if (killed.has(mutant.id)) return 'killed';
      if (timedOut.has(mutant.id)) return 'timedOut';
      if (loaded.has(mutant.id) && !reached.has(mutant.id)) return 'onlyLoaded';
      return 'survived';
    });
    return {
      file,
      killed: fates.killed?.length ?? 0,
      timedOut: fates.timedOut?.length ?? 0,
      survivors: (fates.survived ?? []).toSorted((one, other) => one.line - other.line),
      onlyLoaded: fates.onlyLoaded?.length ?? 0,
    };
  });
}

export const totalOf = (scores: readonly FileScore[]): Omit<FileScore, 'file'> => ({
  killed: sum(scores, ({ killed }) => killed),
  timedOut: sum(scores, ({ timedOut }) => timedOut),
  survivors: scores.flatMap(({ survivors }) => survivors),
  onlyLoaded: sum(scores, ({ onlyLoaded }) => onlyLoaded),
});

export function percentOf({ killed, timedOut, survivors }: Omit<FileScore, 'file'>): number {
  const noticed = killed + timedOut;
  return noticed + survivors.length === 0 ? 100 : (100 * noticed) / (noticed + survivors.length);
}

function findings(notes: readonly Note[]) {
  const noticed = notes.filter((note) => 'ended' in note);
  return {
    loaded: new Set(notes.flatMap((note) => ('loaded' in note ? note.loaded : []))),
    reached: new Set(noticed.flatMap((one) => one.reached)),
    killed: new Set(noticed.flatMap((one) => one.killed)),
    timedOut: new Set(noticed.flatMap((one) => one.timedOut)),
  };
}

const sum = (scores: readonly FileScore[], of: (score: FileScore) => number) =>
  scores.reduce((total, score) => total + of(score), 0);
