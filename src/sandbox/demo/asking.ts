import type { SignalmanClient, Told } from '#sandbox/demo/signalman-client.ts';
import type { DemoAnswer } from '#sandbox/demo-protocol.ts';

/** Users whose answers the page shows; the first two are the testers of signalman.yml. */
const SHOWN = ['user-1', 'user-2', 'user-7', 'user-42', 'user-314', 'user-1001'];

/**
 * How an agent asks for its version and survives without an answer: it goes on with what it was
 * last told, else with the version built in.
 */
export function createAsking(client: SignalmanClient, service: string, builtIn: string) {
  const lastTold = new Map<string, Told>();
  const newest: { stable: string; candidate?: string } = { stable: builtIn };
  let reachable = false;

  const ask = async (key: string): Promise<Told> => {
    const told = await client.versionFor(service, key);
    reachable = told !== undefined;
    if (!told) {
      const known = lastTold.get(key);
      return known ?? { version: builtIn, arm: 'stable', killed: false, isTester: false };
    }
    lastTold.set(key, told);
    newest[told.arm] = told.version;
    if (newest.candidate === newest.stable) delete newest.candidate;
    return told;
  };
  return {
    ask,
    askForShown: () => Promise.all(SHOWN.map(ask)),
    /** Nobody has the candidate any more. */
    forgetCandidate: () => {
      delete newest.candidate;
    },
    isReachable: () => reachable,
    versions: (): { readonly stable: string; readonly candidate?: string } => newest,
    answers: (): readonly DemoAnswer[] =>
      SHOWN.flatMap((key) => {
        const told = lastTold.get(key);
        return told ? [{ key, ...told }] : [];
      }),
  };
}
