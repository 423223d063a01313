/** Every failure that a person may meet. Anything else thrown is a bug and is shown as a reference only. */
export type ErrorCode =
  | 'bad-input'
  | 'not-found'
  | 'ambiguous'
  | 'not-allowed'
  | 'refused'
  | 'conflict'
  | 'drift'
  | 'expired'
  | 'paused'
  | 'timeout'
  | 'throttled'
  | 'unavailable'
  | 'precondition-failed'
  | 'fenced'
  | 'bad-response'
  | 'misconfigured';

export interface ErrorDetails {
  /** What the person can do now, as one sentence. */
  hint?: string;
  /** The outside service that failed, in words: `Azure`, `Slack`, `PostgreSQL`. */
  service?: string;
  /** When the service asked to be called again, in milliseconds from now. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** An expected failure: `message` says what happened and what it means, `hint` what to do now. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly service: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.service = details.service;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Is it worth trying the same call again, unchanged? */
  get transient(): boolean {
    return this.code === 'throttled' || this.code === 'unavailable' || this.code === 'timeout';
  }
}

export function isOpsError(error: unknown, code?: ErrorCode): error is OpsError {
  return error instanceof OpsError && (code === undefined || error.code === code);
}
