/** What the agents' port counts of itself, in plain numbers: counting must cost next to nothing. */

/** The counters there are; what each is called and means stands in `adapters/telemetry.ts`. */
export const AGENT_COUNTERS = [
  'requests',
  'evaluations',
  'lacksCandidate',
  'logs',
  'unknownLogs',
  'badBatches',
  'usage',
] as const;
type CounterName = (typeof AGENT_COUNTERS)[number];

/** One series: the values of its labels in their order, and its number. */
export type Series = { readonly labels: readonly string[]; readonly value: number };

/** All of it at one moment, as plain data. */
export type AgentCounts = {
  readonly counters: Readonly<Record<CounterName, readonly Series[]>>;
  readonly streams: readonly Series[];
};

export type Tally = {
  readonly add: (...labels: readonly string[]) => void;
  readonly addTimes: (times: number, ...labels: readonly string[]) => void;
};

export type AgentTelemetry = Readonly<Record<CounterName, Tally>> & {
  readonly streams: { readonly set: (environment: string, open: number) => void };
  /** How long it took from a change to the last stream told. */
  readonly pushed: (seconds: number) => void;
  readonly counted: () => AgentCounts;
};

export function createAgentTelemetry(pushed: (seconds: number) => void): AgentTelemetry {
  const tallies = perCounter(() => createTally());
  const open = new Map<string, number>();
  return {
    ...tallies,
    streams: { set: (environment, count) => void open.set(environment, count) },
    pushed,
    counted: () => ({
      counters: perCounter((name) => [...seriesOf(tallies[name].root, [])]),
      streams: Array.from(open, ([environment, value]) => ({ labels: [environment], value })),
    }),
  };
}

function perCounter<Value>(make: (name: CounterName) => Value): Record<CounterName, Value> {
  const made = AGENT_COUNTERS.map((name) => [name, make(name)] as const);
  // The entries were made of every name there is.
  return Object.fromEntries(made) as Record<CounterName, Value>;
}

/** One level a label, so that counting builds no text to look up. */
type Branch = Map<string, Branch | number>;

function createTally(): Tally & { readonly root: Branch } {
  const root: Branch = new Map();
  const addTimes: Tally['addTimes'] = (times, ...labels) => {
    let branch = root;
    const last = labels.length - 1;
    for (let at = 0; at < last; at += 1) branch = branchOf(branch, labels[at] ?? '');
    const name = labels[last] ?? '';
    const before = branch.get(name);
    branch.set(name, typeof before === 'number' ? before + times : times);
  };
  return { root, addTimes, add: (...labels) => addTimes(1, ...labels) };
}

function branchOf(branch: Branch, value: string): Branch {
  const known = branch.get(value);
  if (known instanceof Map) return known;
  const fresh: Branch = new Map();
  branch.set(value, fresh);
  return fresh;
}

function* seriesOf(branch: Branch, above: readonly string[]): Generator<Series> {
  for (const [label, next] of branch) {
    const labels = [...above, label];
    if (typeof next === 'number') yield { labels, value: next };
    else yield* seriesOf(next, labels);
  }
}
