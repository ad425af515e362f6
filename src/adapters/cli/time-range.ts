import { type Command, takeOption } from '#adapters/cli/command.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { asInstant, DAY_MS, type Instant, later } from '#domain/time.ts';

/** From a moment on, and before another one. */
export type TimeRange = { readonly from?: Instant; readonly before?: Instant };

export const RANGE_USAGE: Command['usage'][number] = '[--from <day or time>] [--to <day or time>]';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** `--from` and `--to` of a command, and the words without them. Days are whole days in UTC. */
export function takeRange(
  words: readonly string[],
): Result<{ readonly range: TimeRange; readonly rest: readonly string[] }, string> {
  const { value: from, rest: others } = takeOption(words, 'from');
  const { value: to, rest } = takeOption(others, 'to');
  for (const [name, value] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (words.includes(`--${name}`) && momentOf(value) === undefined)
      return no(
        `I can't read “${value ?? ''}” after --${name}: write a day such as 2026-11-20, or a time such as 2026-11-20T09:30Z.`,
      );
  const [first, last] = [momentOf(from), momentOf(to)];
  const before = last !== undefined && DAY.test(to ?? '') ? later(last, DAY_MS) : last;
  if (first !== undefined && before !== undefined && first >= before)
    return no('--from is not before --to, so there would be nothing in between.');
  const range = {
    ...(first !== undefined && { from: first }),
    ...(before !== undefined && { before }),
  };
  return yes({ range, rest });
}

/** Without a zone a time would mean something else on another machine. */
function momentOf(text = ''): Instant | undefined {
  const moment = DAY.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  // 31 November is read as the first of December by some.
  const isThatDay = DAY.test(text)
    ? !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text)
    : true;
  return Number.isNaN(moment) || !isThatDay ? undefined : asInstant(moment);
}

export const isWithin = ({ from, before }: TimeRange, at: string) => {
  const moment = Date.parse(at);
  return (from === undefined || moment >= from) && (before === undefined || moment < before);
};
