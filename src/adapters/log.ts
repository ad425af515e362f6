import { Writable } from 'node:stream';
import { type Logger as Pino, pino } from 'pino';

export type Log = Pino;

/** Whatever looks like one of Slack's secrets or a bearer token, wherever it turns up. */
const PATTERNS = [
  /\bxox[a-z]-[A-Za-z0-9-]+/g,
  /\bxapp-[A-Za-z0-9-]+/g,
  /hooks\.slack\.com\/[^\s"\\]+/g,
  /Bearer [A-Za-z0-9._~+/-]+=*/g,
];

export type LogOptions = {
  readonly level: string;
  readonly secrets: readonly string[];
  readonly write: (line: string) => void;
};

/**
 * Secrets are scrubbed from the finished line, by value and by pattern. Redaction by path was
 * tried and leaks: a token one level deeper, in a URL or inside an error passes it.
 */
export function createLog({ level, secrets, write }: LogOptions): Log {
  const scrub = createScrubber(secrets);
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(scrub(chunk.toString('utf8')));
      done();
    },
  });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]);
  return (text) => {
    let clean = text;
    for (const spelling of spellings) clean = clean.replaceAll(spelling, '[secret]');
    for (const pattern of PATTERNS) clean = clean.replace(pattern, '[secret]');
    return clean;
  };
}
