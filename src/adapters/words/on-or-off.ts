const MEANT: ReadonlyMap<string, 'on' | 'off'> = new Map([
  ['on', 'on'],
  ['activate', 'on'],
  ['off', 'off'],
  ['deactivate', 'off'],
]);

/** What people mean by a word, wherever `on` and `off` are read. */
export const readOnOrOff = (word: string) => MEANT.get(word.toLowerCase());
