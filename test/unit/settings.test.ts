import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#adapters/settings/read-settings.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import { policyOf } from '#domain/policy/policy.ts';
import type { Settings } from '#domain/settings.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

const FILE = { path: 'signalman.yml' };

function settingsFrom(yaml: string): Settings {
  const read = readSettings(yaml, FILE);
  if (!read.ok) throw new Error(read.refusal.map(settingsProblemLine).join('\n'));
  return read.value.settings;
}

function problemsIn(yaml: string): readonly string[] {
  const read = readSettings(yaml, FILE);
  return read.ok ? [] : read.refusal.map(settingsProblemLine);
}

/** A file with one service, to be spoilt or completed. The keys of the service begin at line 4. */
const withService = (...keys: string[]) =>
  ['channel: agent-ops', 'services:', '  support-agent:', ...keys.map((key) => `    ${key}`)].join(
    '\n',
  );

function serviceFrom(...keys: string[]) {
  const service = settingsFrom(withService(...keys)).services.get('support-agent');
  if (!service) throw new Error('support-agent is missing');
  return service;
}
const planFrom = (...keys: string[]) => serviceFrom(...keys).plan;
const stepsFrom = (...keys: string[]) =>
  planFrom(...keys).steps.map(({ weightPercent, dwellMs, approval }) => [
    weightPercent,
    dwellMs / SECOND_MS,
    approval,
  ]);

const problemsOf = (...keys: string[]) =>
  problemsIn(withService(...keys)).map((line) => line.replace('services.support-agent.', '…'));

const PROMETHEUS = [
  'metrics:',
  '  source: prometheus',
  '  url: http://prometheus:9090',
  '  queries:',
  `    requests: 'agent_requests_total{service="$service",version="$version"}'`,
  `    errors: 'agent_errors_total{service="$service",version="$version"}'`,
];

describe('the smallest file', () => {
  test('gets every default that is documented', () => {
    expect(settingsFrom('channel: agent-ops')).toEqual({
      channel: 'agent-ops',
      poll: '* * * * *',
      pollMs: MINUTE_MS,
      defaultEnvironment: 'production',
      people: { operators: [], approvers: [] },
      identities: [],
      flags: { approvalAbovePercent: 50 },
      audit: {},
      alerts: { unseenAfterMs: 2 * MINUTE_MS },
      retention: { agentLogsMs: 3 * DAY_MS, verdictWindowsMs: 90 * DAY_MS },
      services: new Map(),
    });
  });

  test('gives a service that says nothing the usual plan', () => {
    const steps = [1, 5, 10, 25, 50, 100].map((weightPercent) => ({
      weightPercent,
      dwellMs: 24 * HOUR_MS,
      approval: true,
    }));
    expect(serviceFrom()).toEqual({
      name: 'support-agent',
      channel: 'agent-ops',
      people: { operators: [], approvers: [] },
      links: {},
      plan: {
        strategy: 'canary',
        steps,
        testers: [],
        unattendedFull: false,
        metrics: { source: 'agent-logs' },
        guards: [],
        customGuards: [],
        onThinEvidence: 'ask',
        rollback: {
          mode: 'auto',
          askTimeoutMs: 10 * MINUTE_MS,
          lockCandidate: true,
          stabilityWindowMs: 30 * MINUTE_MS,
          kill: [],
        },
        maxHoldMs: 3 * DAY_MS,
        holdbackPercent: 0,
        watchMs: 48 * HOUR_MS,
        pollMs: MINUTE_MS,
        bucketing: 1,
      },
    });
  });

  test('leaves the guards to the usual advice, which the policy knows', () => {
    const { lines } = policyOf(planFrom());
    expect(lines.map(({ guard, against, limit }) => [guard, against, limit])).toEqual([
      ['error_rate', 'limit', 0.05],
      ['error_rate', 'stable', 0.05],
      ['latency_avg_ms', 'limit', 5000],
    ]);
  });
});

describe('what is written', () => {
  test('is read as text, so that version 2.10 stays 2.10', () => {
    expect(serviceFrom('stable: 2.10').stable).toBe('2.10');
    expect(planFrom('testers: [007, 1e3, true, null]').testers).toEqual([
      '007',
      '1e3',
      'true',
      'null',
    ]);
  });

  test('makes steps of numbers and of sections, with dwell and approval of their own', () => {
    const steps = '[{ weight: 0, dwell: 30m, approval: false }, 10, { weight: 100, dwell: 2d }]';
    expect(stepsFrom(`steps: ${steps}`, 'dwell: 1h')).toEqual([
      [0, 1_800, false],
      [10, 3_600, true],
      [100, 172_800, true],
    ]);
  });

  test('says with a list of weights which steps need approval', () => {
    expect(stepsFrom('steps: [1, 50, 100]', 'dwell: 10s', 'approval: [1, 100]')).toEqual([
      [1, 10, true],
      [50, 10, false],
      [100, 10, true],
    ]);
  });

  test('gives blue-green its own two steps', () => {
    expect(stepsFrom('strategy: blue-green', 'dwell: 30s', 'approval: false')).toEqual([
      [0, 30, false],
      [100, 30, false],
    ]);
  });

  test('gives guards their limits, comparisons, weights and severity', () => {
    const { guards } = planFrom(
      'guards:',
      '  success_rate: { min: 0.95 }',
      '  tool_failure_rate: { max: 0.03, versus_stable: true, weight: 2 }',
      '  error_rate: { versus_stable: { margin: 0.01 } }',
      '  latency_avg_ms: { max: 1200, versus_stable: false }',
      '  prompt_injection_rate: { max: 0.001, critical: true }',
    );
    expect(guards).toEqual([
      { name: 'success_rate', limit: 0.95 },
      { name: 'tool_failure_rate', limit: 0.03, versusStable: { margin: 0 }, weight: 2 },
      { name: 'error_rate', versusStable: { margin: 0.01 } },
      { name: 'latency_avg_ms', limit: 1200 },
      { name: 'prompt_injection_rate', limit: 0.001, critical: true },
    ]);
  });

  test('counts in Prometheus by the queries it names, and has own probes there', () => {
    const plan = planFrom(
      ...PROMETHEUS,
      '  scrape_interval: 15s',
      'guards:',
      '  error_rate: { max: 0.05 }',
      `  custom_queue_lag: { query: 'max(queue_lag{version="$version"})', max: 30, for: 2m }`,
    );
    expect(plan.metrics).toEqual({
      source: 'prometheus',
      url: 'http://prometheus:9090',
      queries: {
        requests: 'agent_requests_total{service="$service",version="$version"}',
        errors: 'agent_errors_total{service="$service",version="$version"}',
      },
      scrapeIntervalMs: 15 * SECOND_MS,
    });
    expect(plan.customGuards).toEqual([
      {
        name: 'custom_queue_lag',
        query: 'max(queue_lag{version="$version"})',
        max: 30,
        forMs: 2 * MINUTE_MS,
      },
    ]);
  });

  test('of a service overrides the channel and adds people', () => {
    const yaml = `
channel: "#agent-ops"
people: { operators: [U0ANA], approvers: [S0APPROVERS] }
services:
  billing-agent: { channel: C0SUPPORT, people: { operators: [U0SAM, U0ANA] } }
  support-agent/staging:`;
    const { services } = settingsFrom(yaml);
    expect(services.get('billing-agent')).toMatchObject({
      channel: 'C0SUPPORT',
      people: { operators: ['U0ANA', 'U0SAM'], approvers: ['S0APPROVERS'] },
    });
    expect(services.get('support-agent/staging')?.channel).toBe('agent-ops');
  });

  test('may repeat itself by YAML anchors', () => {
    const yaml = `
channel: agent-ops
services:
  a: { guards: &usual { error_rate: { max: 0.02 } } }
  b: { guards: *usual }`;
    expect(settingsFrom(yaml).services.get('b')?.plan.guards).toEqual([
      { name: 'error_rate', limit: 0.02 },
    ]);
  });

  test('may leave sections empty, with nothing but comments in them', () => {
    expect(
      planFrom('guards:', '  # error_rate: { max: 0.05 }', 'testers:', 'rollback:').guards,
    ).toEqual([]);
  });
});

describe('a kill switch that goes with a rollback', () => {
  const killsOf = (service: string, ...names: string[]) => {
    const kill = `rollback: { kill: [${names.join(', ')}] }`;
    const yaml = `channel: agent-ops\nservices: { ${service}: { ${kill} } }`;
    return settingsFrom(yaml).services.get(service)?.plan.rollback.kill;
  };

  test('belongs to the environment of its service, unless another one is named', () => {
    expect(killsOf('support-agent/staging', 'writes', 'global', 'mail/production')).toEqual([
      'writes/staging',
      'global/staging',
      'mail',
    ]);
  });

  test('has the one name that the switch has everywhere', () => {
    expect(killsOf('support-agent', 'writes/production', 'global', 'mail/staging')).toEqual([
      'writes',
      'global',
      'mail/staging',
    ]);
  });
});

describe('a faulty file', () => {
  test('is answered with all of its problems at once, each with line, key and one sentence', () => {
    const yaml = `channel: #agent-ops
poll: "61 * * * *"
pol: "* * * * *"
people: { operators: [ana, U0ANA], aprovers: [] }
flags: { approval_above: 50% }
alerts: { webhook: hooks.example.com }
services:
  kill:
  Support Agent:
  support-agent:
    strategy: ab-test
    steps: [1, 5, 101]
    dwell: 20
    max_hold: 800d
    approval: sometimes
    guards:
      error_rate: { max: 5 }
      eror_rate: { max: 0.05 }
      latency_p95_ms: { min: 3 }
      custom_Lag: { query: up, max: 1, for: 1m }
    metrics: { source: promtheus }
    rollback: [auto]
    people: U0SAM
    holdback: 0.5
    stable: v 2
`;
    expect(problemsIn(yaml)).toEqual([
      'signalman.yml:1: channel: is empty: give it a value, or remove the line (a # begins a comment)',
      'signalman.yml:2: poll: has no minute “61”; write "* * * * *" for every minute, "*/2 * * * * *" for every 2 seconds',
      'signalman.yml:3: pol: is not known here; did you mean poll?',
      'signalman.yml:4: people.operators[0]: “ana” is no Slack ID; write a member ID (U…) or a user-group ID (S…), not a name',
      'signalman.yml:4: people.aprovers: is not known here; did you mean approvers?',
      'signalman.yml:5: flags.approval_above: is in percent already; write 50 instead of 50%',
      'signalman.yml:6: alerts.webhook: is no complete https address, such as https://example.com/here',
      'signalman.yml:8: services.kill: is a name that belongs to the kill switches; choose another',
      'signalman.yml:9: services.Support Agent: is no service name; use small letters, digits and . _ -, as in support-agent or support-agent/staging',
      'signalman.yml:11: services.support-agent.strategy: “ab-test” is not one of canary, blue-green',
      'signalman.yml:12: services.support-agent.steps[2]: “101” is no whole number of percent from 0 to 100',
      'signalman.yml:13: services.support-agent.dwell: “20” is no duration; write 30s, 10m, 24h or 2d',
      'signalman.yml:14: services.support-agent.max_hold: 800d is longer than a year',
      'signalman.yml:15: services.support-agent.approval: “sometimes” is neither true nor false',
      'signalman.yml:17: services.support-agent.guards.error_rate.max: is a fraction; for 5 % write 0.05',
      'signalman.yml:18: services.support-agent.guards.eror_rate: is no guard; did you mean error_rate?',
      'signalman.yml:19: services.support-agent.guards.latency_p95_ms.min: is not known here; known are max, versus_stable, weight, critical',
      'signalman.yml:20: services.support-agent.guards.custom_Lag: may hold only small letters, digits and _',
      'signalman.yml:21: services.support-agent.metrics.source: “promtheus” is not one of agent-logs, prometheus',
      'signalman.yml:22: services.support-agent.rollback: takes a section with keys of its own',
      'signalman.yml:23: services.support-agent.people: takes a section with keys of its own',
      'signalman.yml:24: services.support-agent.holdback: “0.5” is no whole number of percent from 0 to 100',
      'signalman.yml:25: services.support-agent.stable: “v 2” is no version; use up to 63 letters, digits and . _ : -',
    ]);
  });

  test.each([
    [
      'nothing at all',
      '',
      'signalman.yml:1: channel: is missing; name the channel for release cards and alerts, as in channel: agent-ops',
    ],
    ['a list', '- channel', 'signalman.yml:1: takes a section with keys of its own'],
    [
      'a cron expression without quotes',
      'channel: a\npoll: * * * * *',
      'signalman.yml:2: put a value that begins with * in quotes, as in poll: "* * * * *"',
    ],
    [
      'a star that refers to nothing',
      'channel: *ops',
      'signalman.yml:1: *ops refers to nothing: put a value that begins with * in quotes',
    ],
    ['a tab', 'channel: a\nservices:\n\ta:', 'signalman.yml:3: indent with spaces, not with tabs'],
    [
      'a key that is there twice',
      'channel: a\npoll: "* * * * *"\nchannel: b',
      'signalman.yml:3: this key is there twice; keep one of the two',
    ],
    [
      'two documents',
      'channel: a\n---\nchannel: b',
      'signalman.yml:2: a second document begins here; remove the ---',
    ],
    [
      'an open bracket',
      'channel: [a',
      'signalman.yml:1: cannot be read as YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('with %s says so', (_, yaml, sentence) => {
    expect(problemsIn(yaml)[0]).toBe(sentence);
  });

  test('names one problem a line when a slip breaks the parser more than once', () => {
    expect(problemsIn('\tchannel: [a')).toEqual([
      'signalman.yml:1: indent with spaces, not with tabs',
    ]);
  });

  test('is pointed at where an anchor was written, not where it is used', () => {
    const yaml = `channel: a
services:
  a:
    guards: &usual
      error_rate: { max: 5 }
  b: { guards: *usual }`;
    expect(problemsIn(yaml)).toEqual([
      'signalman.yml:5: services.a.guards.error_rate.max: is a fraction; for 5 % write 0.05',
      'signalman.yml:5: services.b.guards.error_rate.max: is a fraction; for 5 % write 0.05',
    ]);
  });

  test('that multiplies itself by aliases is refused before it fills the memory', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const before = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ');
      bomb.push(`a${level}: &a${level} [${before}]`);
    }
    expect(problemsIn(bomb.join('\n'))).toEqual([
      'signalman.yml:1: cannot be read as YAML: too many aliases',
    ]);
  });
});

describe('a ladder', () => {
  test.each([
    ['steps: [5, 1, 100]', 'signalman.yml:4: …steps[1]: must rise: 1 comes after 5'],
    ['steps: [5, 5, 100]', 'signalman.yml:4: …steps[1]: must rise: 5 comes after 5'],
    [
      'steps: [5, 0, 100]',
      'signalman.yml:4: …steps[1]: is 0, for testers only, which can only be the first step',
    ],
    [
      'steps: [1, 50]',
      'signalman.yml:4: …steps[1]: must be 100 at last; to keep some traffic on stable use holdback',
    ],
    ['steps: []', 'signalman.yml:4: …steps: need at least the weight 100'],
    [
      'steps: [1.5, 100]',
      'signalman.yml:4: …steps[0]: “1.5” is no whole number of percent from 0 to 100',
    ],
    [
      'steps: [{ weight: 1, dwel: 1h }, 100]',
      'signalman.yml:4: …steps[0].dwel: is not known here; did you mean dwell?',
    ],
    ['steps: [{ dwell: 1h }, 100]', 'signalman.yml:4: …steps[0].weight: is missing'],
    [
      'approval: [1, 7]',
      'signalman.yml:4: …approval[1]: 7 is no step; the steps are 1, 5, 10, 25, 50, 100',
    ],
    [
      'holdback: 100',
      'signalman.yml:4: …holdback: leaves the last step no more than the step of 50 % before it; lower it',
    ],
    [
      'holdback: 50',
      'signalman.yml:4: …holdback: leaves the last step no more than the step of 50 % before it; lower it',
    ],
    [
      'risk_budget: 0',
      'signalman.yml:4: …risk_budget: is 0, which no evidence can show; leave it out for the default',
    ],
  ])('with “%s” is refused', (key, sentence) => {
    expect(problemsOf(key)).toEqual([sentence]);
  });

  test('of a blue-green release has no shared traffic', () => {
    expect(problemsOf('strategy: blue-green', 'steps: [0, 50, 100]')).toEqual([
      'signalman.yml:5: …steps: are 0 and 100 at most in a blue-green release, which shares no traffic',
    ]);
  });

  test('may leave a holdback that still rises', () => {
    expect(planFrom('holdback: 49').holdbackPercent).toBe(49);
  });
});

describe('guards', () => {
  test.each([
    [
      'error_rate: {}',
      'guards.error_rate: says nothing yet; give it max, versus_stable: true, or both',
    ],
    [
      'success_rate: { weight: 2 }',
      'guards.success_rate: says nothing yet; give it min, versus_stable: true, or both',
    ],
    [
      'error_rate: { versus_stable: maybe }',
      'guards.error_rate.versus_stable: “maybe” is neither true nor false',
    ],
    [
      'error_rate: { versus_stable: { margin: 2% } }',
      'guards.error_rate.versus_stable.margin: is a fraction; for 2 % write 0.02',
    ],
    ['error_rate: { max: 0.1, weight: 0 }', 'guards.error_rate.weight: “0” is no number above 0'],
    ['latency_p99_ms: { max: 10s }', 'guards.latency_p99_ms.max: “10s” is no number above 0'],
    [
      'latency_p99_ms: { max: 100, critical: true }',
      'guards.latency_p99_ms.critical: fits guards that count events, whose names end in _rate',
    ],
    [
      'custom_lag: { query: up, max: 1, for: 1m }',
      'guards.custom_lag: needs metrics: { source: prometheus, … }',
    ],
    [
      'speed: { max: 1 }',
      'guards.speed: is no guard; known are error_rate, success_rate, latency_avg_ms, latency_p95_ms, latency_p99_ms, tool_failure_rate, prompt_injection_rate, unexpected_tool_rate, cost_per_request_usd, goal_completion_rate, negative_feedback_rate, and own ones named custom_…',
    ],
  ])('with “%s” are refused', (guard, sentence) => {
    expect(problemsOf('guards:', `  ${guard}`)).toEqual([`signalman.yml:5: …${sentence}`]);
  });

  test('that Prometheus is not asked for can never be judged, and are refused', () => {
    expect(problemsOf(...PROMETHEUS, 'guards:', '  latency_p95_ms: { max: 1800 }')).toEqual([
      'signalman.yml:11: …guards.latency_p95_ms: can never be judged without metrics.queries.latency_bucket',
    ]);
    expect(problemsOf(...PROMETHEUS.slice(0, -1))).toEqual([
      'signalman.yml:7: …metrics.queries: needs metrics.queries.errors for the guards that hold without a guards section',
    ]);
  });
});

describe('Prometheus queries', () => {
  const queryProblems = (query: string) =>
    problemsOf(
      'metrics:',
      '  source: prometheus',
      '  url: http://p',
      '  queries:',
      `    requests: ${query}`,
    )
      .filter((line) => line.includes('queries.requests:'))
      .map((line) => line.replace(/^.*queries\.requests: /, ''));

  test.each([
    [
      'without the version',
      'requests_total',
      'does not name "$version", so both versions would look alike',
    ],
    [
      'with a slot outside quotes',
      `'x{a=$version,b="$version"}'`,
      'may use $version only inside quotes',
    ],
    [
      'with an unknown slot',
      `'x{a="$tenant",b="$version"}'`,
      'asks for $tenant; there are only $service, $version and $environment',
    ],
    [
      'with a rate',
      `'rate(x{v="$version"}[5m])'`,
      'has a range, but counters are wanted as they are, without rate() or increase()',
    ],
  ])('%s are refused', (_, query, sentence) => {
    expect(queryProblems(query)).toEqual([sentence]);
  });

  test('are needed for requests at least, and by names that are known', () => {
    expect(
      problemsOf('metrics: { source: prometheus, url: "http://p", queries: { latency: x } }'),
    ).toEqual([
      'signalman.yml:4: …metrics.queries.requests: is missing',
      expect.stringMatching(/queries\.latency: is not known here; known are requests, errors, /),
    ]);
  });

  test.each(['ftp://p', 'prometheus:9090', ''])('go to no address like “%s”', (url) => {
    const problems = problemsOf(
      'metrics:',
      '  source: prometheus',
      `  url: "${url}"`,
      '  queries: {}',
    );
    expect(problems.some((line) => line.includes('metrics.url: is '))).toBe(true);
  });
});

describe('environments', () => {
  test('are not written out for the default one', () => {
    const yaml =
      'channel: a\ndefault_environment: staging\nservices:\n  a/staging:\n  a/production:';
    expect(problemsIn(yaml)).toEqual([
      'signalman.yml:4: services.a/staging: is in the default environment; write a alone',
    ]);
  });
});

describe('the file at the top of the repository', () => {
  const yaml = readFileSync('signalman.yml', 'utf8');

  test('is read without a problem or a warning', () => {
    const read = readSettings(yaml, FILE);
    expect(read.ok ? read.value.warnings : read.refusal).toEqual([]);
  });

  test('lets a whole release fit into three minutes', () => {
    const plan = settingsFrom(yaml).services.get('support-agent')?.plan;
    const dwellMs = plan?.steps.reduce((sum, step) => sum + step.dwellMs, 0);
    expect(dwellMs).toBeLessThanOrEqual(2 * MINUTE_MS);
    expect(plan?.pollMs).toBe(2 * SECOND_MS);
  });

  test('stays short enough to be read', () => {
    expect(yaml.trimEnd().split('\n').length).toBeLessThan(90);
  });
});

describe('people of several names', () => {
  const identitiesIn = (list: string) => `channel: agent-ops\nidentities: ${list}`;

  test('are listed once each', () => {
    expect(settingsFrom(identitiesIn('[[U0ANA, ana@example.com, "cli:ana"]]')).identities).toEqual([
      ['U0ANA', 'ana@example.com', 'cli:ana'],
    ]);
  });

  test.each([
    ['[[U0ANA]]', 'identities[0]: needs two names at least, all of one person'],
    ['[[U0ANA, u0ana]]', 'identities[0]: needs two names at least, all of one person'],
    [
      '[[U0ANA, a@b], [U0BO, A@b]]',
      'identities[1]: names a@b a second time; keep one list for each person',
    ],
    ['[[U0ANA, S0OPS]]', 'identities[0][1]: “S0OPS” is a user group; a list names one person'],
  ])('in %s are refused', (list, problem) => {
    expect(problemsIn(identitiesIn(list))).toEqual([`signalman.yml:2: ${problem}`]);
  });
});
