import { isWithin, releaseGroup } from '#domain/bucketing.ts';
import { isName } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { EnvironmentView, FlagRoute, ServiceRoute, Split } from '#domain/snapshot.ts';
import { isKilled } from '#domain/snapshot.ts';

/** What an agent says of itself when it asks. */
export type EvaluationContext = {
  readonly targetingKey?: string;
  /** What this agent can run; absent means anything. */
  readonly versions?: readonly string[];
  /** The version its conversation began with. */
  readonly sessionVersion?: string;
};

/** OpenFeature's reasons, those that occur here. */
export type Reason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED';

/** `former` is neither: a conversation stays on a version that was stable before. */
export type Arm = 'stable' | 'candidate' | 'former';

/** How a key came to its version. Only `split` is drawn by chance, so only it is evidence. */
export type Assigned = 'split' | 'pinned' | 'tester';

export type Evaluation = {
  readonly key: string;
  readonly reason: Reason;
  readonly variant: string;
  readonly value: string | boolean;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
};

export type EvaluationRefusal = {
  readonly code: 'flag_not_found' | 'targeting_key_missing';
  readonly key: string;
};

const VERSION_SUFFIX = '.version';
const KILL_PREFIX = 'kill.';
export const versionKey = (service: string) => `${service}${VERSION_SUFFIX}`;
export const killKey = (name: string) => `${KILL_PREFIX}${name}`;

/** The one answer to one question: the same view, key and context always give the same. */
export function evaluate(
  view: EnvironmentView,
  key: string,
  context: EvaluationContext,
): Result<Evaluation, EvaluationRefusal> {
  if (key.startsWith(KILL_PREFIX)) return evaluateKill(view, key);
  if (key.endsWith(VERSION_SUFFIX)) {
    const service = view.services.get(key.slice(0, -VERSION_SUFFIX.length));
    if (service) return evaluateVersion(view, service, context);
  }
  const flag = view.flags.get(key);
  return flag ? evaluateFlag(flag, context) : no({ code: 'flag_not_found', key });
}

/** Every key this environment knows, in an order that does not depend on history. */
export function keysOf(view: EnvironmentView, heardOf: readonly string[]): readonly string[] {
  return [
    ...Array.from(view.services.keys(), versionKey),
    ...Array.from(switchesOf(view, heardOf), killKey),
    ...view.flags.keys(),
  ].sort();
}

/**
 * Every switch, on or off. `heardOf` are those that agents ask for although nobody ever threw
 * them: whoever lists all keys must see them too, or `global` would not reach them.
 */
export const switchesOf = (view: EnvironmentView, heardOf: readonly string[]) =>
  new Set(['global', ...view.switches, ...view.kills, ...view.services.keys(), ...heardOf]);

/** The switch a key asks for, when it asks for one that can be. */
export function switchOf(key: string): string | undefined {
  if (!key.startsWith(KILL_PREFIX)) return undefined;
  const name = key.slice(KILL_PREFIX.length);
  return isName(name) && !name.includes('/') ? name : undefined;
}

/**
 * A switch nobody threw yet is off and not unknown: an agent may ask for it before the day it is
 * needed, and `global` must reach it too.
 */
function evaluateKill(view: EnvironmentView, key: string): Result<Evaluation, EvaluationRefusal> {
  const name = switchOf(key);
  if (name === undefined) return no({ code: 'flag_not_found', key });
  const value = isKilled(view, name);
  const metadata = value && view.allKilled ? { by: 'global' } : {};
  return yes({ key, reason: 'STATIC', variant: value ? 'on' : 'off', value, metadata });
}

function evaluateFlag(
  flag: FlagRoute,
  { targetingKey }: EvaluationContext,
): Result<Evaluation, EvaluationRefusal> {
  const { key, state, percent, allowed } = flag;
  const answer = (value: boolean, reason: Reason) =>
    yes({ key, reason, variant: value ? 'on' : 'off', value, metadata: {} });

  if (state === 'off') return answer(false, 'DISABLED');
  if (state === 'on') return answer(true, 'STATIC');
  if (targetingKey !== undefined && allowed.has(targetingKey)) {
    return answer(true, 'TARGETING_MATCH');
  }
  if (percent <= 0 || percent >= 100) return answer(percent >= 100, 'STATIC');
  if (targetingKey === undefined) return no({ code: 'targeting_key_missing', key });
  return answer(isWithin(percent, key, targetingKey), 'SPLIT');
}

/** A kill does not change versions, so the value stays; the metadata says that it is killed. */
function evaluateVersion(
  view: EnvironmentView,
  service: ServiceRoute,
  context: EvaluationContext,
): Result<Evaluation, EvaluationRefusal> {
  const key = versionKey(service.name);
  const drawn = drawVersion(service, context);
  if (!drawn) return no({ code: 'targeting_key_missing', key });
  const { value, arm, reason, ...how } = drawn;
  const { split } = service;
  const release = split && {
    release: split.release,
    step: split.step,
    weight: split.weightPercent,
  };
  const killed = isKilled(view, service.name);
  return yes({ key, reason, variant: arm, value, metadata: { ...release, arm, ...how, killed } });
}

type Drawn = {
  readonly value: string;
  readonly arm: Arm;
  readonly reason: Reason;
  readonly assigned: Assigned;
  readonly lacks_candidate?: true;
};

/** Undefined when only chance could decide and there is no key to draw with. */
function drawVersion(service: ServiceRoute, context: EvaluationContext): Drawn | undefined {
  const { stable, split } = service;
  const lacksCandidate = split && context.versions && !context.versions.includes(split.candidate);
  const pinned = pinnedVersion(service, context.sessionVersion);

  if (pinned !== undefined && !(lacksCandidate && pinned === split.candidate)) {
    const arm = pinned === stable ? 'stable' : pinned === split?.candidate ? 'candidate' : 'former';
    return { value: pinned, arm, reason: 'TARGETING_MATCH', assigned: 'pinned' };
  }
  if (!split) return { value: stable, arm: 'stable', reason: 'STATIC', assigned: 'split' };
  if (lacksCandidate) {
    // Stable by inability, not by chance: counting it as drawn would skew the sample ratio.
    const how = { reason: 'TARGETING_MATCH', assigned: 'pinned', lacks_candidate: true } as const;
    return { value: stable, arm: 'stable', ...how };
  }
  return drawFromSplit(service.name, stable, split, context.targetingKey);
}

function drawFromSplit(
  service: string,
  stable: string,
  split: Split,
  targetingKey: string | undefined,
): Drawn | undefined {
  const { candidate, weightPercent, testers } = split;
  if (targetingKey !== undefined && testers.has(targetingKey)) {
    const how = { reason: 'TARGETING_MATCH', assigned: 'tester' } as const;
    return { value: candidate, arm: 'candidate', ...how };
  }
  const isCertain = weightPercent <= 0 || weightPercent >= 100;
  // Where every key gives the same, none is needed, and none is hashed.
  if (targetingKey === undefined && !isCertain) return undefined;
  const given =
    targetingKey === undefined || isCertain
      ? weightPercent >= 100
      : isWithin(weightPercent, releaseGroup(service, candidate), targetingKey);
  return given
    ? { value: candidate, arm: 'candidate', reason: 'SPLIT', assigned: 'split' }
    : { value: stable, arm: 'stable', reason: 'SPLIT', assigned: 'split' };
}

const pinnedVersion = ({ pinnable }: ServiceRoute, sessionVersion: string | undefined) =>
  sessionVersion !== undefined && pinnable.has(sessionVersion) ? sessionVersion : undefined;
