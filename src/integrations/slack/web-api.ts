import { WebClient, type WebClientOptions } from '@slack/web-api';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { Secret } from '../../secret.ts';
import { translateSlackError } from './translate-error.ts';

/** A person waits for it; a modal's trigger is dead after 3 s. */
export const interactiveTimeoutMs = 2_500;
const bulkTimeoutMs = 10_000;

/** Of an answer of which nothing matters but that it came. Made once: zod compiles each schema at its first use. */
export const Done = z.object({});

type Call = <T>(method: string, args: Record<string, unknown>, schema: z.ZodType<T>) => Promise<T>;

/** Slack's Web API with its answers checked. Nothing that writes is repeated by itself: who calls decides what that means. */
export interface WebApi {
  /** Somebody waits for it. */
  readonly interactive: Call;
  readonly bulk: Call;
  /** A reading that somebody waits for: asked once more, with more time, when Slack was late or in trouble. */
  readonly lookup: Call;
}

/** `apiUrl` undefined: Slack's own. */
export function createWebApi(botToken: Secret, apiUrl: string | undefined): WebApi {
  const base: WebClientOptions = {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  };
  const within = (timeout: number) => callsOf(new WebClient(botToken.reveal(), { ...base, timeout }));
  const [interactive, bulk] = [within(interactiveTimeoutMs), within(bulkTimeoutMs)];
  return {
    interactive,
    bulk,
    lookup: (method, args, schema) =>
      interactive(method, args, schema).catch((error: unknown) => {
        if (isOpsError(error, 'timeout') || isOpsError(error, 'unavailable')) return bulk(method, args, schema);
        throw error;
      }),
  };
}

function callsOf(client: WebClient): Call {
  return async (method, args, schema) => {
    let answer: unknown;
    try {
      answer = await client.apiCall(method, args);
    } catch (error) {
      throw translateSlackError(error, method);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new OpsError('bad-response', `Slack’s answer to ${method} has an unknown shape.`, {
      service: 'Slack',
      cause: parsed.error,
    });
  };
}

const quiet = () => undefined;
/** Its lines hold whole requests; failures are logged where they matter. */
const silent = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  setLevel: quiet,
  setName: quiet,
  getLevel: () => 'error',
} as unknown as NonNullable<WebClientOptions['logger']>;
