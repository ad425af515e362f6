/** Unleash's client API: the second door, behind which its SDKs in many languages decide locally. */
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { matches } from '#adapters/agents/ofrep.ts';
import { changeTag } from '#adapters/agents/streams.ts';
import { featuresOf } from '#adapters/agents/unleash-features.ts';
import { type Decisions, readAppName, readReport } from '#adapters/agents/unleash-reports.ts';
import type { Usage } from '#adapters/agents/usage.ts';
import { type Answer, empty, JSON_TYPE, json } from '#adapters/http/answer.ts';
import { parseJson } from '#adapters/parse-json.ts';
import { viewOf } from '#domain/snapshot.ts';

export type UnleashDeps = Pick<AgentDeps, 'snapshots' | 'telemetry' | 'log'> & {
  readonly life: string;
  readonly usage: Usage;
};

const SPECIFICATION = '5.2.0';
const KILL_PREFIX = 'kill.';

/** Everything an environment has, built once a change and then handed out as it is. */
export function createFeatures({ snapshots, life, usage }: UnleashDeps) {
  const built = new Map<string, { readonly etag: string; readonly body: Buffer }>();

  const build = (environment: string) => {
    const heardOf = usage.switchesAsked(environment);
    const change = changeTag(life, snapshots.revisionOf(environment));
    const etag = `"${change}-${heardOf.length}"`;
    const known = built.get(environment);
    if (known?.etag === etag) return known;
    const features = featuresOf(viewOf(snapshots.current(), environment), heardOf);
    const body = Buffer.from(JSON.stringify({ version: 2, features, query: { environment } }));
    const fresh = { etag, body };
    built.set(environment, fresh);
    return fresh;
  };

  return ({ environment }: Caller, ifNoneMatch: string | undefined): Answer => {
    const { etag, body } = build(environment);
    usage.listed(environment);
    if (matches(ifNoneMatch, etag)) return empty(304, { etag });
    const headers = { ...JSON_TYPE, etag, 'unleash-client-spec': SPECIFICATION };
    return { status: 200, headers, body };
  };
}

export function register({ log }: UnleashDeps, caller: Caller, text: string): Answer {
  const appName = readAppName(parseJson(text));
  if (!appName.ok) return badData(appName.refusal);
  log.info(
    { environment: caller.environment, appName: appName.value },
    'an Unleash SDK registered',
  );
  return empty(202);
}

/** What an SDK decided since its last report. */
export function takeMetrics(deps: UnleashDeps, caller: Caller, text: string): Answer {
  const report = readReport(parseJson(text));
  if (!report.ok) return badData(report.refusal);
  for (const [key, decisions] of report.value) countUsage(deps, caller, key, decisions);
  return empty(202);
}

/** Reports also show which switches the code of agents asks for, whether or not we know them. */
export function countUsage(
  { snapshots, telemetry, usage }: UnleashDeps,
  { environment }: Caller,
  key: string,
  { yes, no, variants }: Decisions,
): void {
  const { services, flags } = viewOf(snapshots.current(), environment);
  usage.asked(environment, key);
  const isKnown = flags.has(key) || services.has(key.replace(/\.version$/, ''));
  const feature = isKnown ? key : key.startsWith(KILL_PREFIX) ? 'kill.(any)' : '(unknown)';
  const count = (answer: string, times: number) =>
    telemetry.usage.addTimes(times, feature, answer, environment);
  count('yes', yes);
  count('no', no);
  for (const [name, times] of Object.entries(variants)) {
    if (VARIANTS.has(name)) count(name, times);
  }
}

const VARIANTS = new Set(['stable', 'candidate', 'pinned', 'tester']);

/** The form of an error that Unleash's own server uses. */
export function badData(problem: string): Answer {
  const message = 'Request validation failed: your request body is not as it should be.';
  return json(400, { name: 'BadDataError', message, details: [{ message: problem }] });
}
