/** Changes that are not tried: nobody could see them, or trying them says nothing. */
export type LeftOut = {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
};

export const LEFT_OUT: readonly LeftOut[] = [
  {
    file: 'src/domain/nearest.ts',
    from: '[]',
    to: '["added"]',
    because: 'no swap is possible in the first row, so the row before it is never read',
  },
  {
    file: 'src/domain/policy/counting.ts',
    from: '{ requests: 0 }',
    to: '({})',
    because: 'requests are always counted, and written over it',
  },
  {
    file: 'src/domain/policy/evidence-state.ts',
    from: 'earlier?.lines.find(({ key }) => key === line.key)',
    to: 'earlier?.lines.findLast(({ key }) => key === line.key)',
    because: 'no two lines have the same key',
  },
  {
    file: 'src/domain/policy/evidence-state.ts',
    from: 'state.lines.find(({ key }) => key === line.key)',
    to: 'state.lines.findLast(({ key }) => key === line.key)',
    because: 'no two lines have the same key',
  },
  {
    file: 'src/domain/policy/evidence-state.ts',
    from: 'state.lines[index]?.key',
    to: 'state.lines[index].key',
    because: 'there are as many of these as of those, which was asked just before',
  },
  {
    file: 'src/domain/policy/judge.ts',
    from: "reading.says === 'counted'",
    to: 'true',
    because: 'nobody asks how old a reading is that says nothing',
  },
  {
    file: 'src/domain/policy/risk-of-judging.ts',
    from: "'below'",
    to: '""',
    because: 'there are two sides, and what is not above is below',
  },
  {
    file: 'src/domain/policy/weigh-line.ts',
    from: "'below'",
    to: '""',
    because: 'there are two sides, and what is not above is below',
  },
  {
    file: 'src/domain/policy/weigh-line.ts',
    from: 'nextShare === undefined',
    to: 'false',
    because: 'what is no number lies on neither side of a line, so the gate stays as it is',
  },
  {
    file: 'src/domain/snapshot-change.ts',
    from: 'before === after',
    to: 'false',
    because: 'the same object has no changes; this only saves looking for them',
  },
  {
    file: 'src/domain/snapshot-change.ts',
    from: 'changes.size === 0',
    to: 'false',
    because: 'without changes the copy says the same',
  },
  {
    file: 'src/domain/statistics/dispersion.ts',
    from: 'index - 1',
    to: '(index) + (1)',
    because: 'neighbours are the same pairs either way round',
  },
  {
    file: 'src/domain/statistics/gate.ts',
    from: "'below'",
    to: '""',
    because: 'there are two sides, and what is not above is below',
  },
  {
    file: 'src/domain/statistics/value-bet.ts',
    from: 'count > 0',
    to: '(count) >= (0)',
    because: 'an empty bin adds nothing; this only saves its logarithm',
  },
  {
    file: 'src/domain/statistics/value-bet.ts',
    from: 'count > 0',
    to: 'true',
    because: 'an empty bin adds nothing; this only saves its logarithm',
  },
  {
    file: 'src/domain/policy/wording.ts',
    from: '/^custom_/',
    to: '/custom_/',
    because: 'every name that is not known begins with it',
  },
  {
    file: 'src/domain/time.ts',
    from: 'digits && unitMs',
    to: '(digits) || (unitMs)',
    because: 'the expression matches both or neither',
  },
  {
    file: 'src/store/ballast.ts',
    from: 'true',
    to: 'false',
    because:
      'somebody else may remove the ballast between the look and the removal, and no test can come between them',
  },
  {
    file: 'src/store/ballast.ts',
    from: '{ force: true }',
    to: '({})',
    because:
      'somebody else may remove the ballast between the look and the removal, and no test can come between them',
  },
  {
    file: 'src/store/ballast.ts',
    from: 'left > 0',
    to: '(left) >= (0)',
    because: 'a last piece of no bytes adds nothing',
  },
  {
    file: 'src/store/check-register.ts',
    from: '[]',
    to: '["added"]',
    because: 'what is added is no note: it has neither a checkpoint nor a reason why it has none',
  },
  {
    file: 'src/store/check-register.ts',
    from: '!wanted.has(frontier.size)',
    to: 'false',
    because: 'a root that no checkpoint asks for costs time and nothing else',
  },
  {
    file: 'src/store/damage-mark.ts',
    from: 'fsyncSync(folder);',
    to: '',
    because: 'only a power cut tells whether the folder is on the disk',
  },
  {
    file: 'src/store/damage-mark.ts',
    from: 'closeSync(folder);',
    to: '',
    because:
      'a handle of a folder that is left open harms nobody in a process that is about to end',
  },
  {
    file: 'src/store/damage-mark.ts',
    from: '{\n    return undefined;\n  }',
    to: '',
    because: 'without it the function ends, with the same answer',
  },
  {
    file: 'src/store/journal.ts',
    from: 'bytes[0] === 0',
    to: 'false',
    because: 'an empty line has no digest that fits either; this only saves reckoning it',
  },
  {
    file: 'src/store/signed-note.ts',
    from: '[]',
    to: '["added"]',
    because: 'its first element stands for the whole match, which nobody looks at',
  },
  {
    file: 'src/store/snapshot-file.ts',
    from: "'utf8'",
    to: '""',
    because: 'JSON is read from bytes as it is from text',
  },
  {
    file: 'src/store/snapshot-file.ts',
    from: '{\n    return undefined;\n  }',
    to: '',
    because: 'without it the function ends, with the same answer',
  },
  {
    file: 'src/store/snapshot-file.ts',
    from: 'await file.sync();',
    to: '',
    because: 'only a power cut tells whether the bytes are on the disk',
  },
  {
    file: 'src/store/sqlite/split-keys.ts',
    from: 'fresh + keyless === 0',
    to: 'false',
    because: 'nothing is added to what is there; this only saves a write',
  },
  {
    file: 'src/store/sqlite/database.ts',
    from: "sqlite.pragma('recursive_triggers = ON');",
    to: '',
    because: 'this build of SQLite has them on by itself, and another one may not',
  },
  {
    file: 'src/store/sqlite/database.ts',
    from: "'usual'",
    to: '""',
    because: 'only `none` is ever asked for by its name',
  },
  {
    file: 'src/store/sqlite/database.ts',
    from: "isAway || patience === 'none'",
    to: 'true',
    because: 'the usual wait is then set once more; asking first only saves that',
  },
  {
    file: 'src/store/sqlite/aggregates.ts',
    from: '!changedBy || changedAt === undefined',
    to: '(!changedBy) && (changedAt === undefined)',
    because: 'a switch that was touched has both, and another one neither',
  },
  {
    file: 'src/store/sqlite/owner.ts',
    from: 'true',
    to: 'false',
    because: 'only a disk that is full keeps a name from being written where none stood',
  },
  {
    file: 'src/store/sqlite/owner.ts',
    from: '{ force: true }',
    to: '({})',
    because: 'only a disk that is full keeps a name from being written where none stood',
  },
  {
    file: 'src/store/sqlite/releases.ts',
    from: "'at' in release",
    to: 'true',
    because: 'what is absent is written as NULL, too',
  },
  {
    file: 'src/store/sqlite/services.ts',
    from: 'candidate === undefined',
    to: 'false',
    because: 'no release is of a version without a name',
  },
  {
    file: 'src/store/sqlite/services.ts',
    from: 'release !== before?.live && release !== before?.crowned',
    to: '(release !== before?.live) || (release !== before?.crowned)',
    because: 'what has not changed is then written as it was; asking first only saves that',
  },
  {
    file: 'src/store/sqlite/inbox.ts',
    from: 'key === undefined',
    to: 'false',
    because: 'a request without a key was never remembered',
  },
  {
    file: 'src/store/sqlite/outbox.ts',
    from: "'behind'",
    to: '""',
    because: 'the column is set by what follows in the same object',
  },
  {
    file: 'src/store/sqlite/store.ts',
    from: "'usual'",
    to: '""',
    because: 'only `none` is ever asked for by its name',
  },
  {
    file: 'src/store/signed-note.ts',
    from: '/^([\\s\\S]*\\n)\\n((?:— [^\\n]+\\n)+)$/',
    to: '/([\\s\\S]*\\n)\\n((?:— [^\\n]+\\n)+)$/',
    because: 'its first part takes everything that stands before it',
  },
];
