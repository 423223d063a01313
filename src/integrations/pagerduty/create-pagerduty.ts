import { event } from '@pagerduty/pdjs';
import { z } from 'zod';
import { cutOutside, outsideLine, outsideText } from '../../domain/outside-text.ts';
import { OpsError } from '../../errors.ts';
import type { PageRequest, PagerPort } from '../../ports/pager.ts';
import { revealed, type Secret } from '../../secret.ts';
import { plainHttpAgent } from './plain-http-agent.ts';

export interface PagerDutyConfig {
  /** The integration key of the service that is paged. */
  readonly routingKey: Secret;
  /** Its host and port are used; default: PagerDuty's own. */
  readonly eventsUrl?: string;
  /** How long one page may take, with all its tries. */
  readonly deadlineMs?: number;
  /** pdjs repeats a 429 three times before it shows it; by itself it would wait 20 s each time, past any deadline. */
  readonly throttledWaitMs?: number;
  /** Of the whole configuration: none of them leaves in a text. */
  readonly secrets?: readonly Secret[];
}

/** Events API v2: at most so many characters. */
const longestSummary = 1_024;
/** “The size of the event payload must not exceed 512 KB”: far less, and more than anybody reads at night. */
const longestDetail = 4_000;

const problemSchema = z.looseObject({ message: z.string().optional(), errors: z.array(z.string()).optional() });

/**
 * Pages through PagerDuty's Events API v2. Summary and details are plain text there, in its app, in mails, in SMS and read
 * aloud. The key becomes the deduplication key, so a repeat wakes nobody twice.
 */
export function createPagerDuty({
  routingKey,
  eventsUrl = 'https://events.pagerduty.com',
  deadlineMs = 10_000,
  throttledWaitMs = 1_000,
  secrets = [],
}: PagerDutyConfig): PagerPort {
  const known = revealed([routingKey, ...secrets]);
  const { host, protocol } = new URL(eventsUrl);
  // The SDK speaks https alone; node-fetch, on which it rests, takes an agent.
  const transport = { server: host, ...(protocol === 'http:' && { agent: plainHttpAgent() }) };

  async function send(data: EventData, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = AbortSignal.any([signal, deadline]);
    const aborted = new Promise<never>((_resolve, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true });
    });
    try {
      const sent = event({
        ...transport,
        data,
        signal: either,
        // Its timer aborts nothing, and would keep the process from ending.
        requestTimeout: 0,
        retryTimeout: throttledWaitMs,
      });
      const { status, data: body, headers } = await Promise.race([sent, aborted]);
      if (status !== 202) throw refusal(status, body, Number(headers.get('retry-after') ?? Number.NaN));
    } catch (error) {
      if (error instanceof OpsError) throw error;
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted) {
        throw failure('timeout', `PagerDuty did not answer within ${deadlineMs / 1000} s.`, { cause: error });
      }
      throw failure('unavailable', 'PagerDuty cannot be reached, or its answer made no sense.', { cause: error });
    }
  }

  const about = (action: 'acknowledge' | 'resolve', key: string): EventData =>
    // The SDK's types ask for a payload, which only a trigger has.
    ({ routing_key: routingKey.reveal(), event_action: action, dedup_key: key }) as EventData;

  return {
    page: (request, signal) => send(eventOf(request, routingKey, known), signal),
    acknowledge: (key, signal) => send(about('acknowledge', key), signal),
    resolve: (key, signal) => send(about('resolve', key), signal),
  };
}

type EventData = Parameters<typeof event>[0]['data'];

function eventOf(
  { key, summary, source, severity, details }: PageRequest,
  routingKey: Secret,
  known: readonly string[],
): EventData {
  const told = Object.entries(details ?? {}).map(([name, text]) => [
    name,
    cutOutside(outsideText(text, known), longestDetail),
  ]);
  return {
    routing_key: routingKey.reveal(),
    event_action: 'trigger',
    dedup_key: key,
    payload: {
      // Refused when it is empty, and then nobody would be woken.
      summary: cutOutside(outsideLine(summary, known), longestSummary) || 'A page from Stamps',
      source: cutOutside(outsideLine(source, known), longestSummary) || 'Stamps',
      severity,
      ...(details && { custom_details: Object.fromEntries(told) }),
    },
  };
}

/** Answers other than 202, after “Events API v2 overview”. */
function refusal(status: number, body: unknown, retryAfterSeconds: number): OpsError {
  const { message, errors = [] } = problemSchema.safeParse(body).data ?? {};
  const says = [message, ...errors]
    .filter((words) => words !== undefined)
    .join('; ')
    .slice(0, 240);
  if (status === 429) {
    const retry = Number.isNaN(retryAfterSeconds) ? {} : { retryAfterMs: Math.min(retryAfterSeconds, 3_600) * 1000 };
    return failure('throttled', 'PagerDuty has had too many pages and did not take this one.', retry);
  }
  if (status >= 500) return failure('unavailable', `PagerDuty has trouble of its own (${status}).`);
  return failure('bad-input', `PagerDuty refused the page (${status})${says === '' ? '.' : `: ${says}`}`, {
    hint: 'Check PAGERDUTY_ROUTING_KEY: it is the integration key of the service that is paged.',
  });
}

function failure(
  code: 'timeout' | 'throttled' | 'unavailable' | 'bad-input',
  message: string,
  details: { hint?: string; retryAfterMs?: number; cause?: unknown } = {},
): OpsError {
  return new OpsError(code, message, {
    service: 'PagerDuty',
    hint: 'If nobody answers, call them by phone.',
    ...details,
  });
}
