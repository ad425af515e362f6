import { createAsking } from '#sandbox/demo/asking.ts';
import { createFigures } from '#sandbox/demo/figures.ts';
import type { SignalmanClient } from '#sandbox/demo/signalman-client.ts';
import {
  type Dice,
  type ReportedRequest,
  simulateRequest,
} from '#sandbox/demo/simulated-request.ts';
import type { DemoAnswer, DemoArm, DemoFaults, DemoPoint } from '#sandbox/demo-protocol.ts';

export type FleetOptions = {
  readonly service: string;
  /** What agents run when they have never heard from Signalman. */
  readonly fallbackVersion: string;
  readonly users: number;
  readonly client: SignalmanClient;
  readonly clock: () => number;
  readonly dice: Dice;
  /** Runs the demo's loops; gives back how to stop. */
  readonly every: (ms: number, run: () => void) => () => void;
};

export type Fleet = {
  readonly stop: () => void;
  readonly setRunning: (running: boolean) => void;
  readonly setRequestsPerSecond: (rate: number) => void;
  readonly setFaults: (faults: DemoFaults) => void;
  readonly look: () => FleetLook;
};

export type FleetLook = {
  readonly running: boolean;
  readonly requestsPerSecond: number;
  readonly faults: DemoFaults;
  readonly arms: { readonly stable: DemoArm; readonly candidate?: DemoArm };
  readonly history: readonly DemoPoint[];
  readonly reachable: boolean;
  readonly answers: readonly DemoAnswer[];
  readonly kills: readonly string[];
};

export const NO_FAULTS: DemoFaults = {
  errors: 'none',
  latency: 'none',
  toolFailures: 'none',
  incident: false,
  slackDown: false,
};

const BEAT_MS = 100;
const REPORT_MS = 500;
/** Reports wait while Signalman is away; what is older than this many is dropped. */
const WAITING_MAX = 5_000;

/** A fleet of simulated agents: each request asks which version to run, runs it, and reports. */
export function startFleet(options: FleetOptions): Fleet {
  const { service, client, clock, dice, every } = options;
  const figures = createFigures(clock);
  const asking = createAsking(client, service, options.fallbackVersion);
  const waiting: ReportedRequest[] = [];
  let running = true;
  let requestsPerSecond = 60;
  let faults = NO_FAULTS;
  let kills: readonly string[] = [];
  let debt = 0;

  const serve = async () => {
    const key = `user-${1 + Math.floor(dice() * options.users)}`;
    const { version, arm, killed, isTester } = await asking.ask(key);
    if (killed) return;
    const isCandidate = arm === 'candidate';
    const who = { service, version, key };
    const request = simulateRequest(who, { isCandidate, isTester }, faults, dice);
    figures.add(request);
    waiting.push(request);
    if (waiting.length > WAITING_MAX) waiting.shift();
  };
  const beat = () => {
    if (!running) return;
    debt += (requestsPerSecond * BEAT_MS) / 1_000;
    for (; debt >= 1; debt -= 1) void serve();
  };
  const report = async () => {
    const batch = waiting.splice(0, 1_000);
    if (batch.length > 0 && !(await client.report(batch))) waiting.unshift(...batch);
  };
  const refresh = async () => {
    kills = (await client.killsOn()) ?? kills;
    await asking.askForShown();
    const { candidate } = asking.versions();
    if (candidate && figures.arm(candidate).requests === 0) asking.forgetCandidate();
  };
  const stops = [
    every(BEAT_MS, beat),
    every(REPORT_MS, () => void report()),
    every(1_000, () => void refresh()),
  ];

  return {
    stop: () => {
      for (const stop of stops) stop();
    },
    setRunning: (wanted) => {
      running = wanted;
    },
    setRequestsPerSecond: (rate) => {
      requestsPerSecond = rate;
    },
    setFaults: (wanted) => {
      faults = wanted;
    },
    look: () => {
      const { stable, candidate } = asking.versions();
      return {
        running,
        requestsPerSecond,
        faults,
        kills,
        reachable: asking.isReachable(),
        answers: asking.answers(),
        arms: {
          stable: figures.arm(stable),
          ...(candidate !== undefined && { candidate: figures.arm(candidate) }),
        },
        history: figures.history(stable, candidate),
      };
    },
  };
}
