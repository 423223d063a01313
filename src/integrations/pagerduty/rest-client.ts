import { api } from '@pagerduty/pdjs';
import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { Secret } from '../../secret.ts';

export interface RestConfig {
  readonly apiToken: Secret;
  readonly apiUrl: string;
  /** How long one request may take, with all its tries. */
  readonly deadlineMs?: number;
}

export interface RestRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Record<string, string | string[]>;
  readonly body?: object;
  /** E-mail of the user on whose behalf it is done; an account's token cannot create anything without. */
  readonly from?: string;
}

export interface RestClient {
  /** One request, its answer parsed. */
  call<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal, request?: RestRequest): Promise<T>;
  /** All rows of a list, page by page. */
  all<T>(
    path: string,
    name: string,
    row: z.ZodType<T>,
    signal: AbortSignal,
    query?: RestRequest['query'],
  ): Promise<T[]>;
}

/** pdjs repeats a 429 three times before it shows it, by itself after 20 s each. */
const throttledWaitMs = 1_000;
const rowsPerPage = 100;
/** Ten thousand on-calls, users or services are more than any list that people read. */
const mostPages = 100;

const faultSchema = z.looseObject({
  error: z.looseObject({
    message: z.string().optional(),
    code: z.number().optional(),
    errors: z.array(z.string()).optional(),
  }),
});

/** PagerDuty's REST API v2 through its SDK: one request at a time for the token, as its docs advise (“Rate Limits”). */
export function createRestClient({ apiToken, apiUrl, deadlineMs = 8_000 }: RestConfig): RestClient {
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function send(path: string, signal: AbortSignal, request: RestRequest): Promise<unknown> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = AbortSignal.any([signal, deadline]);
    const aborted = new Promise<never>((_resolve, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true });
    });
    aborted.catch(() => undefined);
    const { method = 'GET', query, body, from } = request;
    try {
      const sent = api({
        url: `${apiUrl}${path}`,
        method,
        token: apiToken.reveal(),
        signal: either,
        requestTimeout: 0,
        retryTimeout: throttledWaitMs,
        ...(query && { queryParameters: query }),
        ...(body && { data: body }),
        ...(from !== undefined && { headers: { From: from } }),
      });
      const { status, data, headers } = await Promise.race([sent, aborted]);
      if (status >= 200 && status < 300) return data;
      throw refusal(status, data, headers);
    } catch (error) {
      if (error instanceof OpsError) throw error;
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted)
        throw failure('timeout', `PagerDuty did not answer within ${deadlineMs / 1000} s.`, { cause: error });
      // The SDK rejects with the response itself when its body is not JSON.
      if (isResponse(error)) throw refusal(error.status, undefined, error.headers);
      throw failure('unavailable', 'PagerDuty cannot be reached.', { cause: error });
    }
  }

  async function call<T>(
    path: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
    request: RestRequest = {},
  ): Promise<T> {
    const answer = await inTurn(() => send(path, signal, request));
    const { data, error } = schema.safeParse(answer);
    if (error) throw failure('bad-response', `PagerDuty’s answer to ${path} has an unknown shape.`, { cause: error });
    return data as T;
  }

  return {
    call,
    async all<T>(path: string, name: string, row: z.ZodType<T>, signal: AbortSignal, query: RestRequest['query'] = {}) {
      const schema = z.looseObject({ [name]: z.array(row), more: z.boolean().nullish() });
      const rows: T[] = [];
      for (let page = 0; page < mostPages; page += 1) {
        const paged = { ...query, limit: String(rowsPerPage), offset: String(page * rowsPerPage) };
        const answer = await call(path, schema, signal, { query: paged });
        rows.push(...(answer[name] as T[]));
        if (!answer.more) break;
      }
      return rows;
    },
  };
}

function isResponse(error: unknown): error is Response {
  return typeof error === 'object' && error !== null && 'status' in error && 'headers' in error;
}

/** Answers other than 2xx, after “REST API v2: Errors” and “Rate Limits”. */
function refusal(status: number, body: unknown, headers: Pick<Headers, 'get'>): OpsError {
  const { message, code, errors = [] } = faultSchema.safeParse(body).data?.error ?? {};
  const says = [message, ...errors]
    .filter((words) => words !== undefined)
    .join(': ')
    .slice(0, 240);
  if (status === 429) {
    const seconds = Number(headers.get('ratelimit-reset') ?? Number.NaN);
    return failure('throttled', 'PagerDuty has had too many requests and did not take this one.', {
      ...(Number.isNaN(seconds) ? {} : { retryAfterMs: Math.min(seconds, 3_600) * 1_000 }),
    });
  }
  if (status === 408 || status >= 500) return failure('unavailable', `PagerDuty has trouble of its own (${status}).`);
  if (status === 401 || status === 403) {
    return failure('misconfigured', `PagerDuty does not take the REST token (${status}).`, {
      hint: 'Check PAGERDUTY_API_TOKEN: a REST API key that may read, and create incidents.',
    });
  }
  if (code === 1008) {
    return failure('refused', 'PagerDuty does not know you: no PagerDuty user has your Slack e-mail.', {
      hint: 'Ask somebody who has a PagerDuty login to page, or call by phone.',
    });
  }
  if (code === 2002) return failure('conflict', 'PagerDuty has this page already.');
  if (status === 404) return failure('not-found', 'PagerDuty does not have this.');
  return failure('bad-input', `PagerDuty refused it (${status})${says === '' ? '.' : `: ${says}.`}`);
}

function failure(
  code: ConstructorParameters<typeof OpsError>[0],
  message: string,
  details: { hint?: string; retryAfterMs?: number; cause?: unknown } = {},
): OpsError {
  return new OpsError(code, message, { service: 'PagerDuty', ...details });
}
