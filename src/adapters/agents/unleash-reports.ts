/** What Unleash's SDKs and Edge send, read for what matters here; anything else in it is welcome. */
import { isRecord } from '#adapters/parse-json.ts';
import { no, type Result, yes } from '#domain/result.ts';

/** How often an SDK answered yes, no, and with each variant. */
export type Decisions = {
  readonly yes: number;
  readonly no: number;
  readonly variants: Readonly<Record<string, number>>;
};
export type Report = readonly (readonly [key: string, decisions: Decisions])[];

const TEXT_LENGTH_MAX = 500;
const TOKENS_MAX = 100;

export function readAppName(body: unknown): Result<string, string> {
  const appName = isRecord(body) ? body.appName : undefined;
  return isText(appName) ? yes(appName) : no('appName: must be a text');
}

/** The report of one SDK: `{appName, bucket: {toggles: {<key>: {yes, no, variants}}}}`. */
export function readReport(body: unknown): Result<Report, string> {
  const appName = readAppName(body);
  if (!appName.ok) return appName;
  const bucket = isRecord(body) ? body.bucket : undefined;
  const toggles = isRecord(bucket) ? bucket.toggles : undefined;
  if (!isRecord(toggles)) return no('bucket.toggles: must be an object');
  return readAll(
    Object.entries(toggles).map(([key, given]) => [key, given, `bucket.toggles.${key}`]),
  );
}

/** The reports of many SDKs, added up by Edge: `{metrics: [{featureName, yes, no, variants}]}`. */
export function readBulkReport(body: unknown): Result<Report, string> {
  if (!isRecord(body)) return no('body: must be an object');
  const { metrics = [] } = body;
  if (!Array.isArray(metrics)) return no('metrics: must be a list');
  const given: Given[] = [];
  for (const [at, one] of metrics.entries()) {
    const key = isRecord(one) ? one.featureName : undefined;
    if (typeof key !== 'string') return no(`metrics.${at}.featureName: must be a text`);
    given.push([key, one, `metrics.${at}`]);
  }
  return readAll(given);
}

/** The tokens that callers of Edge bring, to be checked: `{tokens: [...]}`. */
export function readTokens(body: unknown): Result<readonly string[], string> {
  const tokens: unknown = isRecord(body) ? body.tokens : undefined;
  const isList = Array.isArray(tokens) && tokens.length <= TOKENS_MAX && tokens.every(isText);
  return isList ? yes(tokens) : no(`tokens: must be a list of at most ${TOKENS_MAX} texts`);
}

type Given = readonly [key: string, given: unknown, where: string];

function readAll(all: readonly Given[]): Result<Report, string> {
  const report: [string, Decisions][] = [];
  for (const [key, given, where] of all) {
    const decisions = readDecisions(given, where);
    if (!decisions.ok) return decisions;
    report.push([key, decisions.value]);
  }
  return yes(report);
}

function readDecisions(given: unknown, where: string): Result<Decisions, string> {
  if (!isRecord(given)) return no(`${where}: must be an object`);
  const { yes: positive = 0, no: negative = 0, variants = {} } = given;
  if (!isCount(positive)) return no(`${where}.yes: must be a whole number`);
  if (!isCount(negative)) return no(`${where}.no: must be a whole number`);
  if (!isCounts(variants)) return no(`${where}.variants: must hold whole numbers`);
  return yes({ yes: positive, no: negative, variants });
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= TEXT_LENGTH_MAX;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  isRecord(value) && Object.values(value).every(isCount);
