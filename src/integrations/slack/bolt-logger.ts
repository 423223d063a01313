import { LogLevel } from '@slack/bolt';
import type { Logger } from '../../ports/logger.ts';

type BoltLogger = {
  debug(...m: unknown[]): void;
  info(...m: unknown[]): void;
  warn(...m: unknown[]): void;
  error(...m: unknown[]): void;
  setLevel(): void;
  getLevel(): LogLevel;
  setName(): void;
};

/** Bolt's words in our log; its debug lines hold whole payloads and are left out. */
export function boltLogger(logger: Logger): BoltLogger {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (...words: unknown[]) => {
      const err = words.find((word) => word instanceof Error);
      logger[level](
        { by: 'bolt', ...(err ? { err } : {}) },
        words
          .filter((word) => typeof word === 'string')
          .join(' ')
          .slice(0, 1_000),
      );
    };
  return {
    debug: () => undefined,
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
