/** Arguments come as a form, nested values as JSON text, or as one JSON body. */
export type Arguments = Readonly<Record<string, unknown>>;

export function readArguments(contentType: string, body: string): Arguments | undefined {
  if (!contentType.startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  const read = readJson(body);
  return isRecord(read) ? read : undefined;
}

export const textArg = (args: Arguments, name: string): string | undefined => {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const flagArg = (args: Arguments, name: string) =>
  ['true', '1', true, 1].some((yes) => args[name] === yes);

export function numberArg(args: Arguments, name: string, otherwise: number): number {
  const value = Number(textArg(args, name));
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

const UNREADABLE = Symbol('unreadable');

/** Nested values: `undefined` when absent, the symbol from `isUnreadable` when not JSON. */
export function jsonArg(args: Arguments, name: string): unknown {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? readJson(value) : value || undefined;
}

export const isUnreadable = (value: unknown) => value === UNREADABLE;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}
