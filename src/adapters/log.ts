import { Writable } from 'node:stream';
import { type Logger as Pino, pino } from 'pino';
import type { Scrub } from '#operations/withhold-secrets.ts';

export type Log = Pino;

export type LogOptions = {
  readonly level: string;
  readonly scrub: Scrub;
  readonly write: (line: string) => void;
};

/**
 * Secrets are scrubbed from the finished line, by value and by pattern. Redaction by path was
 * tried and leaks: a token one level deeper, in a URL or inside an error passes it.
 */
export function createLog({ level, scrub, write }: LogOptions): Log {
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(scrub(chunk.toString('utf8')));
      done();
    },
  });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
