import pino from 'pino';
import type { LogLevel } from '../config.ts';
import { redact } from '../domain/redact.ts';
import type { Logger } from '../ports/logger.ts';
import { revealed, type Secret } from '../secret.ts';

export interface LoggingOptions {
  readonly level: LogLevel;
  /** Bound to every line. */
  readonly executorId: string;
  /** The configuration's own secrets, which have no shape that could be known. */
  readonly secrets?: readonly Secret[];
  /** Default: standard output. */
  readonly destination?: { write(line: string): void };
}

/**
 * JSON lines with an ISO time and the level's name; errors go under `err`.
 * Every finished line is redacted as a whole, whatever came into it.
 */
export function createLogger({ level, executorId, secrets = [], destination }: LoggingOptions): Logger {
  const known = revealed(secrets).map((secret) => JSON.stringify(secret).slice(1, -1));
  return pino(
    {
      level,
      base: { executor: executorId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
      hooks: { streamWrite: (line) => redact(line, known) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
