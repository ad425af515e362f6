// The shapes of a settings file: single values, lists, sections with fixed keys, and sections whose
// keys are names. Each says in one sentence what is wrong with what stands there instead.

import { z } from 'zod';
import { findNearest } from '#domain/nearest.ts';
import { no, type Result, yes } from '#domain/result.ts';

const NOT_SINGLE = 'takes a single value, not a list or a section';
const BLANK = 'is empty: give it a value, or remove the line (a # begins a comment)';

/** A single value, read from its text. */
export const single = <Value>(
  read: (text: string) => Result<Value, string>,
  missing = 'is missing',
) =>
  z
    .string({ error: ({ input }) => (input === undefined ? missing : NOT_SINGLE) })
    .transform((text, { issues }): Value => {
      const value = text === '' ? no(BLANK) : read(text);
      if (value.ok) return value.value;
      issues.push({ code: 'custom', message: value.refusal, input: text });
      return z.NEVER;
    });

export const oneOf = <const Word extends string>(words: readonly Word[], missing?: string) =>
  single<Word>((text) => {
    const word = words.find((one) => one === text);
    return word ? yes(word) : no(`“${text}” is not one of ${words.join(', ')}`);
  }, missing);

export const listOf = <Item extends z.ZodType>(item: Item) => {
  const list = z.array(item, { error: 'takes a list, as in [one, another]' });
  return z.unknown().transform((value, { issues }) => readBy(list, filled(value, []), { issues }));
};

/** A section with fixed keys; any other key is a slip of the pen or a misunderstanding. */
export const section = <Shape extends z.core.$ZodShape>(shape: Shape) => {
  const strict = z.strictObject(shape, {
    error: ({ input }) =>
      input === undefined ? 'is missing' : 'takes a section with keys of its own',
  });
  const known = Object.keys(shape);
  return z
    .unknown()
    .transform((value, { issues }) => readBy(strict, filled(value, {}), { issues, known }));
};

/** A section whose keys are names, each with a schema of its own, or with a reason against it. */
export const namedSections = <Value>(
  schemaOf: (name: string) => Result<z.ZodType<Value>, string>,
) =>
  z.unknown().transform((value, { issues }): ReadonlyMap<string, Value> => {
    const content = filled(value, {});
    const found = new Map<string, Value>();
    if (!isSection(content)) {
      issues.push({ code: 'custom', message: 'takes a section with a key for each', input: value });
      return z.NEVER;
    }
    for (const [name, inner] of Object.entries(content)) {
      const schema = schemaOf(name);
      if (schema.ok) found.set(name, readBy(schema.value, inner, { issues, under: [name] }));
      else issues.push({ code: 'custom', message: schema.refusal, path: [name], input: inner });
    }
    return found;
  });

/** A value that has more than one form; the schema is chosen by what stands there. */
export const either = <Value>(schemaOf: (value: unknown) => z.ZodType<Value>) =>
  z.unknown().transform((value, { issues }) => readBy(schemaOf(value), value, { issues }));

type Reading = {
  readonly issues: z.core.$ZodRawIssue[];
  readonly under?: readonly string[];
  readonly known?: readonly string[];
};

/** Reads a part by its own schema and passes on what is wrong with it, one issue a key. */
function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { issues, under = [], known = [] }: Reading,
): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const path = [...under, ...issue.path];
    const report = (message: string, at: PropertyKey[]) =>
      issues.push({ code: 'custom', message, path: at, input: value });
    if (issue.code !== 'unrecognized_keys') report(issue.message, path);
    else for (const key of issue.keys) report(unknownKey(key, known), [...path, key]);
  }
  return z.NEVER;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = findNearest(key, known);
  return meant
    ? `is not known here; did you mean ${meant}?`
    : `is not known here; known are ${known.join(', ')}`;
}

/** A key with nothing behind it, or only comments, says nothing and means the default. */
const filled = (value: unknown, empty: object) => (value === '' ? empty : value);

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
