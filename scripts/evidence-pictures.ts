/** The pictures of docs/method.md, drawn by the policy itself on releases of the seeded world. */

import { dice } from '#test/bench/policy/dice.ts';
import { judging, ourPolicy } from '#test/bench/policy/our-rule.ts';
import { type Course, draw, hourly, incident, type World } from '#test/bench/policy/world.ts';
import { type Chart, drawChart, type Series } from './line-chart.ts';

const BLUE = '#1a73e8';
const GREEN = '#188038';
const ORANGE = '#e37400';
const RED = '#c5221f';
const GREY = '#80868b';

const MINUTES = { label: 'minutes since the release began', from: 0, to: 60 };
const EVIDENCE_MARKS = [
  { y: Math.log(100), text: 'stop at 100', colour: RED },
  { y: Math.log(10), text: 'suspicion at 10', colour: ORANGE },
];
const STEPS = [1, 5, 10, 25, 50, 95].map((weight, step) => ({
  x: step * 10,
  text: `${weight} %`,
}));

export const pictures = (): Readonly<Record<string, string>> => ({
  'evidence.svg': drawChart(evidenceByRatio()),
  'luck.svg': drawChart(luckOfAPoll()),
  'incident.svg': drawChart(sharedIncident()),
  'gate.svg': drawChart(gateOfEachStep()),
  'clusters.svg': drawChart(errorsInThrees()),
});

function evidenceByRatio(): Chart {
  const curve = (ratio: number, name: string, colour: string): Series => ({
    name,
    colour,
    points: evidenceOf(draw(hourly(0.01, ratio), dice(52))),
  });
  return {
    title: 'Evidence against four candidates',
    about: 'The worse a candidate is, the sooner its evidence reaches 100.',
    x: MINUTES,
    y: logAxis('evidence', -6, 8),
    marks: EVIDENCE_MARKS,
    verticals: STEPS,
    series: [
      curve(20, '20 x as bad', RED),
      curve(5, '5 x as bad', ORANGE),
      curve(2, '2 x as bad', BLUE),
      curve(1, 'healthy', GREEN),
    ],
  };
}

function luckOfAPoll(): Chart {
  const { minutes } = draw(hourly(0.01, 1), dice(63));
  const rates = minutes.map(({ minute, candidate: { bad, observations } }): [number, number] => [
    minute + 0.5,
    observations > 0 ? bad / observations : 0,
  ]);
  return {
    title: 'A healthy candidate, looked at poll by poll',
    about: 'At 1 % of traffic a single failure is a tenth of a poll, far above any threshold.',
    x: MINUTES,
    y: {
      label: 'failed requests in the poll',
      from: 0,
      to: 0.3,
      ticks: [0, 0.1, 0.2, 0.3].map((share) => [share, `${share * 100} %`]),
    },
    marks: [{ y: 0.05, text: 'threshold of 5 %', colour: RED }],
    verticals: STEPS,
    series: [{ name: 'candidate', colour: BLUE, points: rates, isDots: true }],
  };
}

function sharedIncident(): Chart {
  const course = draw(incident(0.01), dice(3));
  const rates = course.minutes.map(({ minute, stable }): [number, number] => [
    minute + 1,
    Math.log(Math.max(1e-3, stable.bad / stable.observations) * 100),
  ]);
  return {
    title: 'An incident that hits both arms',
    about: 'Ten times as many requests fail in both arms, and the evidence does not rise.',
    x: MINUTES,
    y: logAxis('evidence; stable in percent', -6, 8),
    marks: EVIDENCE_MARKS,
    verticals: STEPS,
    series: [
      { name: 'stable fails, %', colour: GREY, points: rates },
      { name: 'evidence', colour: GREEN, points: evidenceOf(course) },
    ],
  };
}

function gateOfEachStep(): Chart {
  const curve = (ratio: number, name: string, colour: string): Series => {
    const course = draw(hourly(0.01, ratio), dice(8));
    const see = judging({ ...ourPolicy, riskBudget: 0.005 }, course);
    const points = course.minutes.map((minute): [number, number] => [
      minute.minute + 1,
      see(minute).figures.lines[0]?.logGate ?? 0,
    ]);
    return { name, colour, points };
  };
  return {
    title: 'Gates: evidence for the candidate, afresh in every step',
    about:
      'A healthy candidate passes 20 in each step; one that is twice as bad does not for long.',
    x: MINUTES,
    y: logAxis('evidence for it', -6, 8),
    marks: [{ y: Math.log(20), text: 'passes at 20', colour: GREEN }],
    verticals: STEPS,
    series: [curve(1, 'healthy', GREEN), curve(2, '2 x as bad', BLUE)],
  };
}

function errorsInThrees(): Chart {
  const world: World = hourly(0.01, 1, { cluster: 'threes' });
  const course = draw(world, dice(24));
  return {
    title: 'A healthy candidate whose errors come in threes',
    about: 'Taken as independent, clusters look like a regression; tempered, they do not.',
    x: MINUTES,
    y: logAxis('evidence', -6, 8),
    marks: EVIDENCE_MARKS,
    verticals: STEPS,
    series: [
      { name: 'taken as they come', colour: RED, points: evidenceOf(course, false) },
      { name: 'tempered', colour: GREEN, points: evidenceOf(course) },
    ],
  };
}

function evidenceOf(course: Course, isTempered = true): [number, number][] {
  const see = judging(ourPolicy, course, isTempered);
  const points = course.minutes.map((minute): [number, number] => [
    minute.minute + 1,
    see(minute).figures.logEvidence,
  ]);
  // A stop ends the release, and with it the curve.
  const end = points.findIndex(([, log]) => log >= Math.log(100));
  return end < 0 ? points : points.slice(0, end + 1);
}

const POWERS = [0.01, 0.1, 1, 10, 100, 1_000];

const logAxis = (label: string, from: number, to: number) => ({
  label,
  from,
  to,
  ticks: POWERS.map((power) => [Math.log(power), String(power)] as const),
});
