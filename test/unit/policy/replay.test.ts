import { describe, expect, test } from 'vitest';
import { createReplay, replayPolicy, tuningFor } from '#operations/replay-policy.ts';
import { plan } from '#test/support/evidence.ts';

type Pair = readonly [requests: number, errors: number];

const line = (minute: number, weight: number, candidate: Pair, stable: Pair, trace = 'a') =>
  JSON.stringify({
    trace,
    t: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
    weight,
    candidate: { requests: candidate[0], errors: candidate[1] },
    stable: { requests: stable[0], errors: stable[1] },
  });

function tuned(options: Parameters<typeof tuningFor>[0] = {}) {
  const tuning = tuningFor(options);
  if (!tuning.ok) throw new Error(tuning.refusal);
  return tuning.value;
}

function replayed(lines: readonly string[], options: Parameters<typeof tuningFor>[0] = {}) {
  const replay = createReplay(tuned(options));
  return lines.flatMap((text) => {
    const said = replay(text);
    if (!said) return [];
    return [said.ok ? JSON.parse(said.value) : said.refusal];
  });
}

const bad = [
  line(1, 1, [10, 1], [990, 11]),
  line(2, 1, [11, 2], [985, 9]),
  line(3, 1, [9, 2], [1_002, 10]),
  line(4, 5, [52, 0], [951, 8]),
];
const many = (count: number, weight: number, candidate: Pair, stable: Pair) =>
  Array.from({ length: count }, (_, minute) => line(minute, weight, candidate, stable));

describe('a replay', () => {
  test('says of every window what the policy would have said', () => {
    const said = replayed(bad);
    expect(said.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['hold', 'not_enough_evidence'],
      ['hold', 'suspicion'],
      ['stop', 'error_spike'],
      ['stop', 'error_spike'],
    ]);
    expect(said[2].words).toMatch(
      /^Stop: error_spike\. In 3 minutes the candidate failed 5 of 30 requests \(16\.7 %\); stable failed 30 of 2 977 \(1\.0 %\) in the same time\. Evidence 4\d\d, limit 100\./,
    );
    expect(said[2]).toMatchObject({ trace: 'a', t: '2026-11-20T10:03:00.000Z' });
  });

  test('keeps traces apart, however they are interleaved', () => {
    const fine = many(3, 1, [10, 0], [990, 9]).map((text) => text.replace('"a"', '"b"'));
    const mixed = bad.slice(0, 3).flatMap((text, index) => [text, fine[index] ?? '']);
    const said = replayed(mixed);
    expect(said.filter(({ trace }) => trace === 'b').map(({ verdict }) => verdict)).toEqual([
      'hold',
      'hold',
      'hold',
    ]);
    expect(said.filter(({ trace }) => trace === 'a').at(-1)).toMatchObject({ verdict: 'stop' });
  });

  test('allows a healthy candidate after three windows and a passing gate', () => {
    const said = replayed(many(20, 1, [10, 0], [990, 9]));
    expect(said[1]).toMatchObject({ verdict: 'hold', reason: 'not_enough_evidence' });
    expect(said.at(-1)).toMatchObject({ verdict: 'allow', reason: 'within_limits' });
  });

  test('takes windows of weight 0 as history, which never say allow', () => {
    const said = replayed(many(30, 0, [0, 0], [1_000, 10]));
    expect(new Set(said.map(({ verdict }) => verdict))).toEqual(new Set(['hold']));
  });

  test('learns from history what errors in clusters look like', () => {
    const clustered = Array.from({ length: 60 }, (_, minute) =>
      line(minute, 0, [0, 0], [1_000, minute % 5 === 0 ? 50 : 0]),
    );
    const burst = line(60, 10, [100, 9], [900, 5]);
    const [calm] = replayed([burst]);
    const tempered = replayed([...clustered, burst]).at(-1);
    expect(tempered.evidence.log_evidence).toBeLessThan(calm.evidence.log_evidence);
  });

  test('holds where an arm is missing or says nothing readable', () => {
    const t = '2026-11-20T10:00:00Z';
    const stable = { requests: 990, errors: 9 };
    const said = replayed([
      JSON.stringify({ trace: 'a', t, weight: 1, stable }),
      JSON.stringify({ trace: 'b', t, weight: 1, candidate: null, stable }),
      JSON.stringify({
        trace: 'c',
        t,
        weight: 1,
        candidate: { requests: 10, errors: null },
        stable,
      }),
      JSON.stringify({ trace: 'd', t, weight: 1, candidate: { requests: 10 }, stable }),
      JSON.stringify({ trace: 'e', t, weight: 1, candidate: { requests: 0, errors: 0 }, stable }),
    ]);
    expect(said.map(({ reason }) => reason)).toEqual(Array(5).fill('no_data'));
  });

  test('counts a window that is given twice only once', () => {
    const [one = '', two = ''] = bad;
    expect(
      replayed([one, two, two])
        .slice(1)
        .map(({ evidence }) => evidence.log_evidence),
    ).toEqual([expect.closeTo(2.65, 2), expect.closeTo(2.65, 2)]);
  });

  test('refuses a line that it cannot read by its number, and goes on', async () => {
    const said = [];
    const lines = ['{"t"', '', line(1, 1, [10, 0], [990, 9]), '{"t":"yesterday","weight":200}'];
    for await (const one of replayPolicy(lines, tuned())) said.push(one);
    expect(said).toMatchObject([
      { ok: false, refusal: { line: 1, problem: 'this is not JSON' } },
      { ok: true },
      { ok: false, refusal: { line: 4 } },
    ]);
    expect(JSON.stringify(said[2])).toContain('t: is not a time; weight:');
  });

  test('takes a limit from the command line, and the plan of a service', () => {
    const spoilt = many(40, 1, [10, 1], [990, 99]);
    expect(replayed(spoilt).at(-1)).not.toMatchObject({ verdict: 'stop' });
    const limited = replayed(spoilt, { guards: ['error_rate=0.02'] });
    expect(limited.at(-1)).toMatchObject({ verdict: 'stop', reason: 'sla_breach' });
    const planned = replayed(spoilt, {
      plan: plan({ guards: [{ name: 'error_rate', limit: 0.02 }] }),
    });
    expect(planned.at(-1)).toMatchObject({ verdict: 'stop', reason: 'sla_breach' });
  });
});

test.each([
  ['errors=0.05', '"errors" is no guard'],
  ['error_rate', 'needs a limit'],
  ['error_rate=lots', 'needs a limit'],
  ['__proto__=1', 'is no guard'],
])('a guard like %s is refused', (text, problem) => {
  const tuning = tuningFor({ guards: [text] });
  expect(tuning).toMatchObject({ ok: false, refusal: expect.stringContaining(problem) });
});
