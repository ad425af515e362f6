/**
 * Reads Slack's mrkdwn into plain data. Nothing here makes markup: the three escapes are undone,
 * and whoever renders the result builds DOM nodes, so text stays text whatever it contains.
 */

export type Inline =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'break' }
  | { readonly is: 'bold' | 'italic' | 'strike'; readonly inside: readonly Inline[] }
  | { readonly is: 'link'; readonly url: string; readonly label: string }
  | { readonly is: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string }
  | { readonly is: 'broadcast'; readonly range: string }
  | { readonly is: 'date'; readonly ts: number; readonly format: string; readonly fallback: string }
  | { readonly is: 'emoji'; readonly name: string };

export type Paragraph =
  | { readonly is: 'lines'; readonly inside: readonly Inline[] }
  | { readonly is: 'quote'; readonly inside: readonly Inline[] }
  | { readonly is: 'item'; readonly marker: string; readonly inside: readonly Inline[] }
  | { readonly is: 'pre'; readonly text: string };

const LIST_MARKER = /^\s*(•|◦|▪|-|\d{1,3}\.)\s+/;
const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

export function readMrkdwn(source: string): readonly Paragraph[] {
  const parts = source.split(/```([\s\S]+?)```/);
  return parts.flatMap((part, index) => {
    if (index % 2 === 1) return [{ is: 'pre', text: plainCode(part.replace(/^\n|\n$/g, '')) }];
    return readLines(index > 0 ? part.replace(/^\n/, '') : part);
  });
}

/** Neighbouring lines of one kind are one paragraph; quotes and list items stand apart. */
function readLines(source: string): Paragraph[] {
  const found: { is: 'lines' | 'quote' | 'item'; marker: string; lines: string[] }[] = [];
  for (const line of source.split('\n')) {
    const quoted = line.match(/^&gt;\s?(.*)$/)?.[1];
    const marker = line.match(LIST_MARKER);
    const last = found.at(-1);
    if (quoted !== undefined) {
      if (last?.is === 'quote') last.lines.push(quoted);
      else found.push({ is: 'quote', marker: '', lines: [quoted] });
    } else if (marker) {
      const text = line.slice(marker[0].length);
      found.push({ is: 'item', marker: marker[1] ?? '•', lines: [text] });
    } else if (last?.is === 'lines') {
      last.lines.push(line);
    } else {
      found.push({ is: 'lines', marker: '', lines: [line] });
    }
  }
  return found
    .filter(({ is, lines }) => is !== 'lines' || lines.some((line) => line !== ''))
    .map(({ is, marker, lines }) => {
      const inside = readInline(lines.join('\n'));
      return is === 'item' ? { is, marker, inside } : { is, inside };
    });
}

export function readInline(source: string): readonly Inline[] {
  const found: Inline[] = [];
  let text = '';
  const flush = () => {
    if (text) found.push({ is: 'text', text: unescaped(text) });
    text = '';
  };
  const hopeless: Hopeless = {};
  for (let at = 0; at < source.length; ) {
    const piece = pieceAt(source, at, hopeless);
    if (!piece) {
      text += source[at];
      at += 1;
      continue;
    }
    flush();
    found.push(piece.inline);
    at += piece.length;
  }
  flush();
  return found;
}

/** By mark, the end of a line in which nothing closes it, so that no line is searched twice. */
type Hopeless = { [mark: string]: number };

type Piece = { readonly inline: Inline; readonly length: number };

function pieceAt(source: string, at: number, hopeless: Hopeless): Piece | undefined {
  const char = source[at];
  if (char === '\n') return { inline: { is: 'break' }, length: 1 };
  if (char === '<') return matched(source, at, /^<([^<>\n]+)>/, readAngle);
  if (char === '`') {
    return matched(source, at, /^`([^`\n]+)`/, (code) => ({ is: 'code', text: plainCode(code) }));
  }
  if (char === ':') {
    const rule = /^:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/;
    return matched(source, at, rule, (name) => ({ is: 'emoji', name }));
  }
  if (char === 'h') return bareLinkAt(source, at);
  if (char === '*' || char === '_' || char === '~') return markedAt(source, at, hopeless);
  return undefined;
}

function matched(
  source: string,
  at: number,
  rule: RegExp,
  read: (inside: string) => Inline,
): Piece | undefined {
  const match = source.slice(at, at + 3000).match(rule);
  return match?.[1] ? { inline: read(match[1]), length: match[0].length } : undefined;
}

/** A mark opens only at the edge of a word and closes only at another, as in `2*3*4`. */
function markedAt(source: string, at: number, hopeless: Hopeless): Piece | undefined {
  const mark = source[at] as '*' | '_' | '~';
  if (at < (hopeless[mark] ?? 0)) return undefined;
  const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  const next = source[at + 1] ?? ' ';
  if (isWord(source[at - 1]) || next === mark || /\s/.test(next)) return undefined;
  let end = at + 1;
  for (; end < source.length && source[end] !== '\n'; end += 1) {
    const isWhole = source[end] === '<' || source[end] === '`';
    const inner = isWhole ? pieceAt(source, end, hopeless) : undefined;
    if (inner) {
      end += inner.length - 1;
      continue;
    }
    const closes = source[end] === mark && end > at + 1 && !/\s/.test(source[end - 1] ?? ' ');
    if (!closes || isWord(source[end + 1]) || source[end + 1] === mark) continue;
    const inside = readInline(source.slice(at + 1, end));
    return { inline: { is: MARKS[mark], inside }, length: end + 1 - at };
  }
  hopeless[mark] = end;
  return undefined;
}

function bareLinkAt(source: string, at: number): Piece | undefined {
  if (/[\p{L}\p{N}]/u.test(source[at - 1] ?? ' ')) return undefined;
  const match = source.slice(at, at + 3000).match(/^https?:\/\/[^\s<>*`]+[^\s<>*`.,;:!?)'"]/);
  if (!match) return undefined;
  const url = unescaped(match[0]);
  return { inline: { is: 'link', url, label: url }, length: match[0].length };
}

function readAngle(inside: string): Inline {
  const bar = inside.indexOf('|');
  const target = unescaped(bar < 0 ? inside : inside.slice(0, bar));
  const label = bar < 0 ? '' : unescaped(inside.slice(bar + 1));
  if (target.startsWith('@')) return { is: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { is: 'channel', id: target.slice(1), label };
  if (target.startsWith('!date^')) return readDate(target, label);
  if (target.startsWith('!subteam^')) return { is: 'group', id: target.slice(9), label };
  if (target.startsWith('!')) return { is: 'broadcast', range: target.slice(1) };
  if (!isSafeUrl(target)) return { is: 'text', text: label || target };
  return { is: 'link', url: target, label: label || target.replace(/^mailto:/, '') };
}

function readDate(target: string, fallback: string): Inline {
  const [, seconds = '', format = ''] = target.split('^');
  const ts = Number(seconds);
  if (!Number.isFinite(ts) || !format) return { is: 'text', text: fallback };
  return { is: 'date', ts, format, fallback };
}

/** What a link may lead to. A `javascript:` address would run with the page's rights. */
export function isSafeUrl(url: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(url);
}

/** Undoes Slack's three escapes, ampersand last, so that `&amp;lt;` reads `&lt;`. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** In code, links and mentions are shown as they would be typed. */
function plainCode(code: string): string {
  return unescaped(code.replace(/<([^<>\n|]+)(?:\|([^<>\n]+))?>/g, (_, to, label) => label ?? to));
}
