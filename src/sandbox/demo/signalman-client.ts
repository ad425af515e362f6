import { z } from 'zod';
import type { ReportedRequest } from '#sandbox/demo/simulated-request.ts';

/** What the demo's agents were told for one user. */
export type Told = {
  readonly version: string;
  readonly arm: 'stable' | 'candidate';
  readonly killed: boolean;
  readonly isTester: boolean;
};

const Evaluated = z.object({
  value: z.string(),
  variant: z.string().optional(),
  reason: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const AllEvaluated = z.object({
  flags: z.array(z.object({ key: z.string(), value: z.unknown().optional() })),
});

const PATIENCE_MS = 2_000;

export type SignalmanClient = ReturnType<typeof createSignalmanClient>;

/**
 * Talks to Signalman as any agent would, over OFREP and the log endpoint: plain HTTP, so that it
 * can be read in a minute. Each call is undefined or false when Signalman is away.
 */
export function createSignalmanClient(url: string, token?: string) {
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });

  return {
    versionFor: async (service: string, targetingKey: string): Promise<Told | undefined> => {
      const answer = await attempt(async () => {
        const response = await post(`/ofrep/v1/evaluate/flags/${service}.version`, {
          context: { targetingKey },
        });
        return Evaluated.parse(await response.json());
      });
      if (!answer) return undefined;
      const { value, variant, reason, metadata = {} } = answer;
      const arm =
        variant === 'candidate' || metadata['arm'] === 'candidate' ? 'candidate' : 'stable';
      const isTester = arm === 'candidate' && reason === 'TARGETING_MATCH';
      return { version: value, arm, killed: metadata['killed'] === true, isTester };
    },
    killsOn: async (): Promise<readonly string[] | undefined> => {
      const all = await attempt(async () => {
        const response = await post('/ofrep/v1/evaluate/flags', {
          context: { targetingKey: 'demo' },
        });
        return AllEvaluated.parse(await response.json());
      });
      return all?.flags
        .filter(({ key, value }) => key.startsWith('kill.') && value === true)
        .map(({ key }) => key.slice('kill.'.length));
    },
    report: async (requests: readonly ReportedRequest[]): Promise<boolean> =>
      (await attempt(async () => (await post('/v1/agent-logs', requests)).status === 202)) ?? false,
  };
}

/** An agent goes on without Signalman, so being away is an answer here and no error. */
async function attempt<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
