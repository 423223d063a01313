import { z } from 'zod';
import { OpsError } from '../../errors.ts';

const fault = z.looseObject({
  error: z.union([z.string(), z.array(z.string())]).optional(),
  message: z.string().optional(),
});
const longestWait = 3_600;

/** Answers other than 2xx, after developer.statuspage.io (“Errors”, “Rate limiting”: 420 or 429). */
export function refusal(status: number, body: unknown, retryAfter: string | null): OpsError {
  const { error = [], message } = fault.safeParse(body).data ?? {};
  const says = [...(typeof error === 'string' ? [error] : error), ...(message === undefined ? [] : [message])]
    .join('; ')
    .slice(0, 240);
  const service = 'Statuspage';
  if (status === 420 || status === 429) {
    const seconds = Number(retryAfter ?? Number.NaN);
    return new OpsError('throttled', 'Statuspage has had too many requests and did not take this one.', {
      service,
      ...(Number.isNaN(seconds) ? {} : { retryAfterMs: Math.min(Math.max(seconds, 0), longestWait) * 1_000 }),
    });
  }
  if (status >= 500 || status === 408) {
    return new OpsError('unavailable', `Statuspage has trouble of its own (${status}).`, { service });
  }
  if (status === 401 || status === 403) {
    return new OpsError('misconfigured', `Statuspage does not take the API key (${status}).`, {
      service,
      hint: 'Check STATUSPAGE_API_KEY.',
    });
  }
  if (status === 404) {
    return new OpsError('misconfigured', 'Statuspage does not have this page, or the incident is gone from it.', {
      service,
      hint: 'Check STATUSPAGE_PAGE_ID.',
    });
  }
  return new OpsError('bad-input', `Statuspage refused it (${status})${says === '' ? '.' : `: ${says}.`}`, { service });
}
