import { describe, expect, test } from 'vitest';
import {
  boundScaleOf,
  faultOfCounterQuery,
  selectorsOf,
} from '#adapters/metrics/prometheus-counter-query.ts';
import { fillQuery } from '#adapters/metrics/prometheus-query.ts';

const SLOTS = { service: 'support-agent', version: '2.4.0', environment: 'production' };
const fill = (template: string, over: Partial<typeof SLOTS> = {}) =>
  fillQuery('errors', template, { ...SLOTS, ...over });

describe('filling a query', () => {
  test.each([
    ['a{version="$version"}', 'a{version="2.4.0"}'],
    ["a{version='$version'}", "a{version='2.4.0'}"],
    ['a{version=`$version`}', 'a{version=`2.4.0`}'],
    ['a{pod="$service-$version-x"}', 'a{pod="support-agent-2.4.0-x"}'],
    ['a{v!="$version",e="$environment"} # why', 'a{v!="2.4.0",e="production"} # why'],
    ['a{path=~"/v1$"}', 'a{path=~"/v1$"}'],
    ['a{said="it\\"s $version"}', 'a{said="it\\"s 2.4.0"}'],
    ['a{said="\\$version"}', 'a{said="\\$version"}'],
  ])('turns %s into %s', (template, query) => {
    expect(fill(template)).toEqual({ ok: true, value: query });
  });

  test('finds only the version itself with a regular expression', () => {
    expect(fill('a{version=~"$version|$version-.*"}')).toEqual({
      ok: true,
      value: 'a{version=~"2[.]4[.]0|2[.]4[.]0-.*"}',
    });
    expect(fill('a{version !~ "$version"}')).toMatchObject({
      value: 'a{version !~ "2[.]4[.]0"}',
    });
  });

  test.each([
    ['a{version=$version}', 'unquoted_slot'],
    ['$service{version="$version"}', 'unquoted_slot'],
    ['a{version="$version"} # of $service', 'unquoted_slot'],
    ['a{version="$vesion"}', 'unknown_slot'],
    ['a{version="$version_name"}', 'unknown_slot'],
    ['a{version="$constructor"}', 'unknown_slot'],
    ['a{version="$version}', 'unreadable_query'],
    ['a{version="$version\n"}', 'unreadable_query'],
    ['a{version="$version"} ; b', 'unreadable_query'],
  ])('refuses %s as %s, naming the query', (template, code) => {
    const words = expect.stringContaining('The query errors ');
    expect(fill(template)).toMatchObject({ ok: false, refusal: { code, query: 'errors', words } });
  });

  test.each([
    '',
    '2.4.0"',
    '2.4.0`',
    'a b',
    'a\\',
    'a{',
    'ä',
    '2.4.0\n',
    'x'.repeat(64),
    '$version',
  ])('refuses the version “%s”', (version) => {
    const refusal = { code: 'unfit_value', query: 'errors' };
    expect(fill('a{version="$version"}', { version })).toMatchObject({ ok: false, refusal });
  });
});

const V = 'version="$version"';

describe('a query for a counter', () => {
  test.each([
    `requests_total{${V}}`,
    `requests_total { ${V} , outcome =~ "error|timeout" }`,
    `errors_total{${V}} or 0 * requests_total{${V}}`,
    `{__name__="requests_total", ${V}}`,
    `sum by (pod) (requests_total{${V}})`,
    `sum(requests_total{${V}}) by (instance, route)`,
    `SUM BY (pod) (requests_total{${V}})`,
    `sum without (route) (requests_total{${V}})`,
    `requests_total{${V}} - on (pod) good_total{${V}}`,
    `clamp_min(requests_total{${V}}, 0)`,
  ])('may be %s', (template) => {
    expect(faultOfCounterQuery('requests', template)).toBeUndefined();
  });

  test.each([
    ['requests_total', 'does not name "$version"'],
    ['requests_total{version="2.4.0"}', 'does not name "$version"'],
    [`rate(requests_total{${V}}[5m])`, 'without rate()'],
    [`increase(requests_total{${V}}[1h])`, 'without rate()'],
    [`requests_total{${V}} offset 5m`, 'one moment'],
    [`requests_total{${V}} @ 1609746000`, 'one moment'],
    [`sum(requests_total{${V}})`, 'adds up processes'],
    [`sum by (version) (requests_total{${V}})`, 'adds up processes'],
    [`sum(requests_total{${V}}) without (pod)`, 'adds up processes'],
    [`sum by (pod) (requests_total{${V}}) / sum(requests_total{${V}})`, 'adds up processes'],
    [`max by (pod) (requests_total{${V}})`, 'no counter'],
    [`topk(3, requests_total{${V}})`, 'no counter'],
    [`requests_total{${V}`, undefined],
    [`"${'$version'}"`, 'asks for no series'],
    [`requests_total{${V}} ~ 1`, 'cannot be read from “~ 1”'],
  ])('must not be %s', (template, why = '') => {
    const fault = faultOfCounterQuery('requests', template);
    // A missing brace is Prometheus' to refuse: it does so in its own words.
    if (why === '') expect(fault).toBeUndefined();
    else expect(fault).toContain(why);
  });
});

describe('the series behind a query', () => {
  test.each([
    ['a', ['a']],
    ['a{x="}"}', ['a{x="}"}']],
    ['a{x="b(c)"} or on (pod) b', ['a{x="b(c)"}', 'b']],
    ['sum by (pod, le) (a{x="1"}) + sum(a{x="1"}) by (pod)', ['a{x="1"}']],
    ['rate(a[5m]) / ignoring(x) group_left b{y="2"} > bool 3e-2', ['a', 'b{y="2"}']],
    ['job:a:sum offset 5m or vector(0)', ['job:a:sum']],
    ['{__name__="a"} # or b', ['{__name__="a"}']],
    ['max_over_time(a{x="1"}[1h:5m]) + rate(b[5m])', ['a{x="1"}', 'b']],
    ['42', []],
  ])('of %s are %j', (query, selectors) => {
    expect(selectorsOf(query)).toEqual(selectors);
  });
});

describe('the unit of latency', () => {
  test.each([
    [`agent_latency_seconds_bucket{${V}}`, 1_000],
    [`agent_latency_milliseconds_bucket{${V}}`, 1],
    [`agent_latency_ms{${V}}`, 1],
    [`job:latency_seconds:sum{${V}}`, 1_000],
    [`{__name__="agent_latency_seconds",${V}}`, 1_000],
    [`agent_latency_bucket{route="_seconds",${V}}`, undefined],
    [`a_seconds_bucket{${V}} or b_ms_bucket{${V}}`, undefined],
  ])('in %s is read from the name', (query, scale) => {
    expect(boundScaleOf('latency_bucket', query)).toBe(scale);
    if (scale === undefined) {
      expect(faultOfCounterQuery('latency_bucket', query)).toContain('must name its unit');
    }
  });
});
