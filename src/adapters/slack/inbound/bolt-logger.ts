import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '#operations/logger.ts';

/** Bolt's own remarks, in our log. Its debug lines hold whole payloads and are dropped. */
export function boltLogger(log: Logger): BoltLogger {
  const words = (parts: readonly unknown[]) => ({ words: parts.map(asWords).join(' ') });
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts: unknown[]) => log.warn(words(parts), 'Bolt warns'),
    error: (...parts: unknown[]) => log.error(words(parts), 'Bolt reports an error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

const asWords = (part: unknown) => (part instanceof Error ? part.message : String(part));
