import type { Logger } from '../../../src/ports/logger.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** Keeps what was logged. */
export function createFakeLogger() {
  const lines: LogLine[] = [];
  const make = (base: object): Logger => {
    const at = (level: LogLine['level']) => (fields: object, message: string) =>
      void lines.push({ level, fields: { ...base, ...fields }, message });
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...base, ...fields }),
    };
  };
  return { logger: make({}), lines };
}
