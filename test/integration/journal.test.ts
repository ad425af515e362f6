import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { later } from '#domain/time.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import type { JournaledKill, JournalPart } from '#store/port.ts';
import { chidi, noon } from '#test/support/builders.ts';
import { aFolder } from '#test/support/store.ts';

const aKill = (key: string, about: Partial<JournaledKill> = {}): JournaledKill => ({
  key,
  name: 'writes',
  reason: 'it deletes mail',
  by: chidi,
  at: noon,
  ...about,
});

/** As many processes as a test likes, with one file between them. */
function aJournalFile() {
  const path = join(aFolder(), 'new', journalPath('signalman.db'));
  const trouble: string[] = [];
  const open = (part: JournalPart = 'bot') => {
    const journal = openJournal({
      path,
      part,
      onTrouble: (error) => void trouble.push(String(error)),
    });
    onTestFinished(journal.close);
    return journal;
  };
  return { path, open, trouble };
}

test('a kill outlives its process, and is seen by the others until it is cleared', () => {
  const { path, open, trouble } = aJournalFile();
  const [first, second] = [aKill('1', { at: later(noon, 5) }), aKill('2')];
  expect(open().append(first)).toBe(true);
  expect(open('cli').append(second)).toBe(true);
  expect(statSync(path).size).toBe(256 * 4_096);

  const another = open('agents');
  expect(another.pending()).toEqual([second, first]);
  expect(another.pending('bot')).toEqual([first]);
  expect(another.pending('agents')).toEqual([]);
  another.clear('2');
  expect(open().pending()).toEqual([first]);
  expect(trouble).toEqual([]);
});

test('a line that a crash has torn holds no kill, and its neighbours stay', () => {
  const { path, open } = aJournalFile();
  const journal = open();
  for (const key of ['1', '2', '3']) journal.append(aKill(key));
  const bytes = readFileSync(path);
  bytes.fill(0, 4_096 + 100, 2 * 4_096);
  writeFileSync(path, bytes);
  expect(
    open()
      .pending()
      .map(({ key }) => key),
  ).toEqual(['1', '3']);
  // Its place is free again.
  open().append(aKill('4'));
  expect(
    open()
      .pending()
      .map(({ key }) => key),
  ).toEqual(['1', '4', '3']);
});

test('a part that is full says so, and the kill is tried all the same', () => {
  const { open, trouble } = aJournalFile();
  const journal = open('cli');
  for (let at = 0; at < 64; at += 1) journal.append(aKill(`${at}`));
  expect(journal.tryWriting()).toBe(false);
  expect(journal.append(aKill('more'))).toBe(false);
  expect(trouble).toEqual(Array(2).fill('Error: The emergency journal is full'));
  expect(journal.pending()).toHaveLength(65);
  expect(open('bot').pending()).toHaveLength(64);
  journal.clear('more');
  expect(journal.pending()).toHaveLength(64);
  expect(open('bot').tryWriting()).toBe(true);
});

test('a long reason is cut to what fits, and what never fits is kept in memory', () => {
  const { open, trouble } = aJournalFile();
  const journal = open();
  journal.append(aKill('long', { reason: 'x'.repeat(501) }));
  expect(open().pending()[0]?.reason).toBe('x'.repeat(500));
  expect(journal.append(aKill('k'.repeat(4_096)))).toBe(false);
  expect(trouble).toEqual(['Error: The kill does not fit in a line']);
  expect(journal.pending()).toHaveLength(2);
});

test('a look whether it can be written, and a kill that is committed, leave no letter behind', () => {
  const { path, open } = aJournalFile();
  const journal = open();
  expect(journal.tryWriting()).toBe(true);
  const isEmpty = () => readFileSync(path).every((byte) => byte === 0);
  expect(isEmpty()).toBe(true);
  journal.append(aKill('1'));
  journal.append(aKill('2'));
  journal.clear('1');
  expect(open().pending()).toEqual([aKill('2')]);
  journal.clear('2');
  expect(isEmpty()).toBe(true);
});

test('a file that was not made to its end before a crash gets all of its room', () => {
  const { path, open } = aJournalFile();
  expect(open().append(aKill('1'))).toBe(true);
  writeFileSync(path, readFileSync(path).subarray(0, 5_000));
  expect(open().pending()).toEqual([aKill('1')]);
  expect(statSync(path).size).toBe(256 * 4_096);
});

test('a kill that fills its line to the last byte is kept, and one more letter is too much', () => {
  const { open, trouble } = aJournalFile();
  // A digest, a space and the end of the line stand around it.
  const letters = 4_096 - 64 - 2 - JSON.stringify(aKill('')).length;
  expect(open().append(aKill('k'.repeat(letters)))).toBe(true);
  expect(open().pending()).toEqual([aKill('k'.repeat(letters))]);
  expect(open('cli').append(aKill('k'.repeat(letters + 1)))).toBe(false);
  expect(trouble).toEqual(['Error: The kill does not fit in a line']);
});

test('without a file a kill is tried as long as the process lives, and every trouble is told', () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'file'), '');
  const trouble: string[] = [];
  const journal = openJournal({
    ...{ path: join(folder, 'file', 'below.journal'), part: 'bot' },
    onTrouble: (error) => void trouble.push(String(error)),
  });
  expect(journal.append(aKill('1'))).toBe(false);
  expect(journal.pending()).toEqual([aKill('1')]);
  expect(trouble).toEqual(Array(2).fill(expect.stringMatching(/ENOTDIR|EEXIST/)));
  journal.clear('1');
  expect(journal.pending()).toEqual([]);
  expect(() => journal.clear('of another process')).toThrow(/ENOTDIR|EEXIST/);
  journal.close();
});

test('a journal that was closed takes nothing any more', () => {
  const trouble: string[] = [];
  const journal = openJournal({
    ...{ path: join(aFolder(), 'closed.journal'), part: 'bot' },
    onTrouble: (error) => void trouble.push(String(error)),
  });
  journal.append(aKill('1'));
  journal.close();
  expect(journal.append(aKill('2'))).toBe(false);
  expect(trouble).toEqual([expect.stringMatching(/EBADF/)]);
});
