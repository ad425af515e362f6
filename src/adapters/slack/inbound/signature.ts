import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

/** How far Slack's clock and ours may differ, in either direction. */
export const WINDOW_MS = 5 * MINUTE_MS;

export type Signed = {
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
};

export type SignatureProblem = 'stale' | 'from_the_future' | 'wrong_signature' | 'malformed';

/** Undefined when Slack wrote these very bytes a moment ago. */
export function problemWith(
  { timestamp, signature, body }: Signed,
  signingSecrets: string,
  at: Instant,
): SignatureProblem | undefined {
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'malformed';
  const ageMs = at - Number(timestamp) * SECOND_MS;
  if (ageMs > WINDOW_MS) return 'stale';
  // Bolt lets these pass, and a request signed for next year could be replayed until then.
  if (ageMs < -WINDOW_MS) return 'from_the_future';
  const given = Buffer.from(signature.slice('v0='.length), 'hex');
  const isSignedWith = (secret: string) => {
    const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body);
    return timingSafeEqual(hmac.digest(), given);
  };
  return secretsIn(signingSecrets).some(isSignedWith) ? undefined : 'wrong_signature';
}

/** While one takes the place of the other, both are written, with a comma between them. */
export const secretsIn = (signingSecrets: string): readonly string[] =>
  signingSecrets
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
