// Cuts a PromQL text into tokens: enough of the language to know what is quoted and what is not.

import { no, type Result, yes } from '#domain/result.ts';

export type Token = {
  readonly kind: 'space' | 'comment' | 'string' | 'slot' | 'word' | 'number' | 'sign';
  readonly text: string;
};

const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>#[^\n]*)`,
    // Backquoted strings know no escapes; the other two end at a line break.
    String.raw`(?<string>"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|\x60[^\x60]*\x60)`,
    String.raw`(?<slot>\$[a-zA-Z_]+)`,
    '(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)',
    String.raw`(?<number>(?:[0-9]|\.[0-9])(?:[eE][+-]|[0-9a-zA-Z_.])*)`,
    String.raw`(?<sign>=~|!~|==|!=|<=|>=|[-+*/%^=<>(){}[\],@:])`,
  ].join('|'),
  'y',
);

/** The tokens in order, which joined give the text again; or the first words that are none. */
export function tokenise(text: string): Result<readonly Token[], { readonly unreadable: string }> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups ?? {};
    const found = Object.entries(groups).find(([, part]) => part !== undefined);
    if (!found?.[1]) return no({ unreadable: text.slice(at, at + 20) });
    // The groups of the pattern are named after the kinds.
    tokens.push({ kind: found[0] as Token['kind'], text: found[1] });
    at += found[1].length;
  }
  return yes(tokens);
}

/** Without what means nothing to the language. */
export const significant = (tokens: readonly Token[]) =>
  tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment');
