import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptySnapshot, withFlag, withKill, withService } from '#domain/snapshot.ts';
import { readSnapshotFile, writeSnapshotFile } from '#store/snapshot-file.ts';
import { openSoundDatabase } from '#store/sqlite/sound-database.ts';
import { aFlag, aService, aSplit } from '#test/support/agents.ts';
import { aFolder } from '#test/support/store.ts';

const rich = () => {
  const empty = emptySnapshot('production');
  const served = withService(empty, 'support-agent', aService({ split: aSplit() }));
  const flagged = withFlag(served, 'new-search/staging', aFlag({ allowed: new Set(['user-7']) }));
  return withKill(withKill(flagged, 'writes', true), 'global/staging', true);
};

describe('the snapshot for safe mode', () => {
  test('is read as it was written', async () => {
    const path = join(aFolder(), 'signalman.db.snapshot');
    await writeSnapshotFile(path, rich());
    expect(readSnapshotFile(path)).toEqual(rich());
  });

  test('is none where there is no file, or another one', () => {
    const path = join(aFolder(), 'signalman.db.snapshot');
    expect(readSnapshotFile(path)).toBeUndefined();
    writeFileSync(path, '{"generation": 1}');
    expect(readSnapshotFile(path)).toBeUndefined();
    writeFileSync(path, 'half a fi');
    expect(readSnapshotFile(path)).toBeUndefined();
  });
});

describe('a database', () => {
  const open = (path: string) => {
    const opened = openSoundDatabase(path, () => performance.now());
    if (opened.ok) opened.value.$client.close();
    return opened;
  };

  test('that is sound opens, and one whose pages were overwritten is said to be damaged', () => {
    const path = join(aFolder(), 'signalman.db');
    expect(open(path).ok).toBe(true);
    const whole = readFileSync(path);
    const garbage = Buffer.alloc(1_024, 'garbage');
    for (let at = 4_096; at < whole.length - 1_024; at += 4_096) garbage.copy(whole, at);
    writeFileSync(path, whole);
    expect(open(path)).toMatchObject({ refusal: { isDamaged: true } });
  });

  test('that is no database is damaged; one that nobody may open is not', () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'notes.db'), 'This is a list of things to buy. '.repeat(200));
    expect(open(join(folder, 'notes.db'))).toMatchObject({
      refusal: { why: 'file is not a database', isDamaged: true },
    });
    expect(open(folder)).toMatchObject({ refusal: { isDamaged: false } });
  });
});
