/** Where the items of a batch begin and end, found one by one: nobody waits for the whole of it. */

const [SPACE, QUOTE, BACKSLASH, COMMA, NEWLINE] = [0x20, 0x22, 0x5c, 0x2c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A JSON array, or else one JSON object a line. */
export function isJsonArray(body: Buffer): boolean {
  let at = 0;
  while ((body[at] ?? OPEN_LIST) <= SPACE) at += 1;
  return body[at] === OPEN_LIST;
}

/** Of a JSON array, each as text. Where it is no array there is one that is no JSON. */
export function* itemsOfArray(body: Buffer): Generator<string> {
  const first = body.indexOf(OPEN_LIST) + 1;
  let [from, depth] = [first, 0];
  for (let at = first; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = endOfText(body, at);
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
    } else if (depth > 0 && (byte === CLOSE_LIST || byte === CLOSE_OBJECT)) {
      depth -= 1;
    } else if (depth === 0 && byte === COMMA) {
      yield body.toString('utf8', from, at);
      from = at + 1;
    } else if (depth === 0 && byte === CLOSE_LIST) {
      const last = body.toString('utf8', from, at);
      // Only an array without any items may end where one could begin.
      if (from > first || !isBlank(last)) yield last;
      if (!isBlank(body.toString('utf8', at + 1))) yield '';
      return;
    }
  }
  yield '';
}

/** The quotation mark that ends what begins here, or the end of everything. */
function endOfText(body: Buffer, begin: number): number {
  let at = begin + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Lines as text, the empty ones too. */
export function* linesOf(body: Buffer): Generator<string> {
  for (let from = 0; from < body.length; ) {
    const end = body.indexOf(NEWLINE, from);
    const to = end < 0 ? body.length : end;
    yield body.toString('utf8', from, to);
    from = to + 1;
  }
}

/** Nothing but what JSON takes for space. */
export const isBlank = (text: string) => /^[ \t\r\n]*$/.test(text);
