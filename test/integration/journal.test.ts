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
