// The single values of signalman.yml, each with the sentence for whoever wrote something else.

import { single } from '#adapters/settings/shapes.ts';
import { isName, isVersion } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { DAY_MS, durationMs } from '#domain/time.ts';

const DURATION_MS_MAX = 366 * DAY_MS;
const TEXT_LENGTH_MAX = 2_000;

const CHANNEL = /^(?:[CG][A-Z0-9]{2,}|[\p{Ll}\p{Lo}\p{N}_-]{1,80})$/u;
const ENVIRONMENT = /^[a-z0-9][a-z0-9-]{0,31}$/;
const PERSON = /^[UWS][A-Z0-9]{2,20}$/;
const DECIMAL = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e[+-]?\d{1,2})?$/i;

const matching =
  (pattern: RegExp, sentence: string) =>
  (text: string): Result<string, string> =>
    pattern.test(text) ? yes(text) : no(`“${shortened(text)}” ${sentence}`);

export const text = single<string>((written) =>
  written.length <= TEXT_LENGTH_MAX
    ? yes(written)
    : no(`is longer than ${TEXT_LENGTH_MAX} letters`),
);

export const truth = single<boolean>((written) => {
  if (written === 'true' || written === 'false') return yes(written === 'true');
  return no(`“${shortened(written)}” is neither true nor false`);
});

export const duration = single<number>((written) => {
  const ms = durationMs(written);
  if (ms === undefined)
    return no(`“${shortened(written)}” is no duration; write 30s, 10m, 24h or 2d`);
  return ms <= DURATION_MS_MAX ? yes(ms) : no(`${written} is longer than a year`);
});

export const wholePercent = single<number>((written) => {
  const bare = /^(\d{1,3}) ?%$/.exec(written)?.[1];
  if (bare) return no(`is in percent already; write ${bare} instead of ${written}`);
  if (/^\d{1,3}$/.test(written) && Number(written) <= 100) return yes(Number(written));
  return no(`“${shortened(written)}” is no whole number of percent from 0 to 100`);
});

/** Rates are fractions, so the usual slip is to write percents. */
export const fraction = single<number>((written) => {
  const percents = Number(/^([\d.]+) ?%$/.exec(written)?.[1] ?? Number.NaN);
  const number = readDecimal(written);
  if (number !== undefined && number >= 0 && number <= 1) return yes(number);
  const meant = number ?? percents;
  if (meant > 0 && meant <= 100)
    return no(`is a fraction; for ${meant} % write ${Number((meant / 100).toFixed(6))}`);
  return no(`“${shortened(written)}” is no fraction from 0 to 1, such as 0.05 for 5 %`);
});

export const positive = single<number>((written) => {
  const number = readDecimal(written);
  return number !== undefined && number > 0
    ? yes(number)
    : no(`“${shortened(written)}” is no number above 0`);
});

export const anyNumber = single<number>((written) => {
  const number = readDecimal(written);
  return number === undefined ? no(`“${shortened(written)}” is no number`) : yes(number);
});

export const webAddress = single<string>((written) => {
  const isWeb = URL.canParse(written) && /^https?:$/.test(new URL(written).protocol);
  return isWeb ? yes(written) : no('is no complete address, such as https://example.com/here');
});

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Where alerts go: for nobody else's eyes, and on the machine itself plain http keeps that too. */
export const alertAddress = single<string>((written) => {
  const { protocol, hostname = '' } = URL.parse(written) ?? {};
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  return isSafe
    ? yes(written)
    : no('is no complete https address, such as https://example.com/here');
});

const channelName = (written: string) =>
  matching(
    CHANNEL,
    'is no channel; write a name such as agent-ops, or an ID such as C0123ABCD',
  )(written.replace(/^#/, ''));
export const channel = single(channelName);
export const mainChannel = single(
  channelName,
  'is missing; name the channel for release cards and alerts, as in channel: agent-ops',
);

export const person = single(
  matching(PERSON, 'is no Slack ID; write a member ID (U…) or a user-group ID (S…), not a name'),
);

/** One name of a person: a Slack ID, what git says, or `cli:` and `token:` as the register has them. */
export const identity = single<string>((written) => {
  if (/^S[A-Z0-9]{2,20}$/.test(written))
    return no(`“${written}” is a user group; a list names one person`);
  return written.length <= 200 ? yes(written) : no('is longer than 200 letters');
});

export const environment = single(
  matching(ENVIRONMENT, 'is no environment; use small letters, digits and -'),
);

export const version = single((written) =>
  isVersion(written)
    ? yes(written)
    : no(`“${shortened(written)}” is no version; use up to 63 letters, digits and . _ : -`),
);

export const switchName = single((written) =>
  isName(written)
    ? yes(written)
    : no(`“${shortened(written)}” is no name; use small letters, digits and . _ -`),
);

function readDecimal(written: string): number | undefined {
  const number = DECIMAL.test(written) ? Number(written) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

const shortened = (written: string) => (written.length > 40 ? `${written.slice(0, 39)}…` : written);
