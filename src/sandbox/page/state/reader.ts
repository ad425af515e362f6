/** Who is reading, and the names needed to read. */
import { createContext } from 'preact';
import type { ShownChannel, ShownGroup, ShownPerson } from '#sandbox/protocol.ts';

export type ReaderContext = {
  readonly me: ShownPerson;
  readonly people: readonly ShownPerson[];
  readonly groups: readonly ShownGroup[];
  readonly channels: readonly ShownChannel[];
  readonly clock: () => number;
  readonly openChannel: (id: string) => void;
};

const NOBODY: ShownPerson = {
  id: '',
  name: '',
  realName: '',
  title: '',
  kind: 'stranger',
  playable: false,
};

export const Reader = createContext<ReaderContext>({
  me: NOBODY,
  people: [],
  groups: [],
  channels: [],
  clock: () => 0,
  openChannel: () => {},
});

/** Someone the page was not told of still has a name: their ID. */
export function findPerson(people: readonly ShownPerson[], id: string): ShownPerson {
  const known = people.find((person) => person.id === id);
  return known ?? { ...NOBODY, id, name: id, realName: id };
}
