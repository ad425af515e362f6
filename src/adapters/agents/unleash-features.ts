/**
 * A view as features in Unleash's own terms, so that its SDKs decide as `evaluate` does. Their
 * strategies are tried in order and the first that matches decides: each rule of `evaluate` is one
 * of them, in the same order.
 */
import { releaseGroup } from '#domain/bucketing.ts';
import { killKey, switchesOf, versionKey } from '#domain/evaluation.ts';
import {
  type EnvironmentView,
  type FlagRoute,
  isKilled,
  type ServiceRoute,
  type Split,
} from '#domain/snapshot.ts';

type Constraint = {
  readonly contextName: string;
  readonly operator: 'IN' | 'STR_CONTAINS' | 'STR_STARTS_WITH' | 'STR_ENDS_WITH';
  readonly values: readonly string[];
  readonly inverted: boolean;
  readonly caseInsensitive: boolean;
};

type Variant = {
  readonly name: string;
  readonly weight: number;
  readonly weightType: 'fix';
  readonly stickiness: 'userId';
  readonly payload: { readonly type: 'string'; readonly value: string };
};

type Strategy = {
  readonly name: 'default' | 'flexibleRollout';
  readonly parameters: Readonly<Record<string, string>>;
  readonly constraints: readonly Constraint[];
  readonly variants: readonly Variant[];
};

export type Feature = {
  readonly name: string;
  readonly type: 'release' | 'kill-switch';
  readonly description: string;
  readonly enabled: boolean;
  readonly project: 'default';
  readonly stale: false;
  readonly impressionData: false;
  readonly strategies: readonly Strategy[];
  readonly variants: readonly [];
};

/** `heardOf`: switches agents asked for by name, so that `global` reaches those too. */
export function featuresOf(view: EnvironmentView, heardOf: readonly string[]): readonly Feature[] {
  const { services, flags } = view;
  return [
    ...Array.from(services.values(), versionFeature),
    ...Array.from(switchesOf(view, heardOf), (name) => killFeature(view, name)),
    ...Array.from(flags.values(), flagFeature),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function versionFeature(service: ServiceRoute): Feature {
  const { name, stable, pinnable, split } = service;
  const others = [...pinnable].filter((version) => version !== split?.candidate);
  const strategies = [
    ...others.map(pin),
    ...(split ? splitStrategies(name, split, { stable, pinnable }) : []),
    everyone(variant('stable', stable)),
  ];
  const description = split
    ? `#${split.release}: ${stable} → ${split.candidate} at ${split.weightPercent} %`
    : `stable: ${stable}`;
  return feature({ name: versionKey(name), type: 'release', description, strategies });
}

function splitStrategies(
  service: string,
  { candidate, weightPercent, testers }: Split,
  { stable, pinnable }: Pick<ServiceRoute, 'stable' | 'pinnable'>,
): readonly Strategy[] {
  const isTester = constraint('userId', 'IN', [...testers]);
  const toCandidate = variant('candidate', candidate);
  return [
    everyone(variant('pinned', stable), lacking(candidate)),
    ...(pinnable.has(candidate) ? [pin(candidate)] : []),
    ...(testers.size > 0 ? [everyone(variant('tester', candidate), [isTester])] : []),
    // Without a user nobody can be drawn, but at full weight there is nothing to draw.
    weightPercent >= 100
      ? everyone(toCandidate)
      : rollout(releaseGroup(service, candidate), weightPercent, [toCandidate]),
  ];
}

/** A conversation that began with this version stays on it. */
const pin = (version: string) =>
  everyone(variant('pinned', version), [constraint('session_version', 'IN', [version])]);

const LETTERS_AND_DIGITS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

/**
 * The agent says what it can run, as `2.3.3,2.4.0`, and this version is not among it. Constraints
 * of one strategy are joined by "and", so lacking is written as "present, and none of the places".
 */
const lacking = (version: string): readonly Constraint[] => [
  { ...constraint('versions', 'STR_STARTS_WITH', LETTERS_AND_DIGITS), caseInsensitive: true },
  not(constraint('versions', 'IN', [version])),
  not(constraint('versions', 'STR_STARTS_WITH', [`${version},`])),
  not(constraint('versions', 'STR_ENDS_WITH', [`,${version}`, `, ${version}`])),
  not(constraint('versions', 'STR_CONTAINS', [`,${version},`, `, ${version},`])),
];

function flagFeature({ key, state, percent, allowed }: FlagRoute): Feature {
  const isAllowed = constraint('userId', 'IN', [...allowed]);
  const isForAll = state === 'on' || percent >= 100;
  const strategies: readonly Strategy[] = isForAll
    ? [everyone()]
    : [...(allowed.size > 0 ? [everyone(undefined, [isAllowed])] : []), rollout(key, percent, [])];
  const enabled = state !== 'off';
  return { ...feature({ name: key, type: 'release', description: state, strategies }), enabled };
}

const killFeature = (view: EnvironmentView, name: string): Feature => ({
  ...feature({
    name: killKey(name),
    type: 'kill-switch',
    description: 'Enabled while the switch, or global, is on.',
    strategies: [everyone()],
  }),
  enabled: isKilled(view, name),
});

const feature = (
  given: Pick<Feature, 'name' | 'type' | 'description' | 'strategies'>,
): Feature => ({
  ...given,
  enabled: true,
  project: 'default',
  stale: false,
  impressionData: false,
  variants: [],
});

function everyone(given?: Variant, constraints: readonly Constraint[] = []): Strategy {
  return { name: 'default', parameters: {}, constraints, variants: given ? [given] : [] };
}

const rollout = (groupId: string, percent: number, variants: readonly Variant[]): Strategy => ({
  name: 'flexibleRollout',
  parameters: { groupId, rollout: String(percent), stickiness: 'userId' },
  constraints: [],
  variants,
});

/** The name says how the version was assigned: `stable` and `candidate` were drawn by chance. */
const variant = (name: string, version: string): Variant => ({
  name,
  weight: 1_000,
  weightType: 'fix',
  stickiness: 'userId',
  payload: { type: 'string', value: version },
});

const constraint = (
  contextName: string,
  operator: Constraint['operator'],
  values: readonly string[],
): Constraint => ({ contextName, operator, values, inverted: false, caseInsensitive: false });

const not = (given: Constraint): Constraint => ({ ...given, inverted: true });
