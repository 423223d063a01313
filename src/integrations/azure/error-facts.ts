import { retryAfterMs } from './retry-after.ts';

/** What an SDK's error tells, whichever SDK threw it. */
export interface ErrorFacts {
  /** HTTP status; undefined when there was no answer. */
  readonly status?: number | undefined;
  /** Azure's or Node's word for it: `ScopeLocked`, `ECONNRESET`. */
  readonly code?: string | undefined;
  /** Azure's own sentence, cut to one line. */
  readonly says?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly name: string;
}

interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  /** ARM's word, Node's, or in Cosmos the HTTP status. */
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
  /** Cosmos: a plain record. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

export function errorFacts(thrown: unknown, now: number): ErrorFacts {
  if (typeof thrown !== 'object' || thrown === null) return { name: 'Error', says: oneLine(String(thrown)) };
  const error = thrown as SdkError;
  const status = httpStatus(error.statusCode) ?? httpStatus(error.code);
  const header = (name: string) => {
    const value = error.response?.headers?.get?.(name) ?? error.headers?.[name];
    return value === undefined ? undefined : String(value);
  };
  return {
    name: String(error.name),
    status,
    code: typeof error.code === 'string' && httpStatus(error.code) === undefined ? error.code : undefined,
    says: oneLine(String(error.message ?? '')),
    retryAfterMs: retryAfterMs(header, now),
  };
}

function httpStatus(value: unknown): number | undefined {
  const status = Number(value);
  return Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined;
}

/** People see it: no control or direction marks, no HTML page of a proxy, at most 240 characters. */
export function oneLine(text: string): string | undefined {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (clean === '' || clean.startsWith('<') || clean.startsWith('{')) return undefined;
  return clean.length > 240 ? `${clean.slice(0, 239)}…` : clean;
}
