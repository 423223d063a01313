import { ArmFault } from './arm-fault.ts';

/**
 * ARM's token buckets by subscription, principal and kind of operation: reads 250 + 25 a second, writes and deletes
 * 200 + 10 a second (learn.microsoft.com, “Understand how Azure Resource Manager throttles requests”, 2024). The
 * network provider's own: 1,000 PUT and DELETE in five minutes (same page, 2020). There is one principal here, and
 * every region shares the buckets.
 */
const sizes = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
  network: { capacity: 1_000, perSecond: 1_000 / 300 },
} as const;
type Bucket = keyof typeof sizes;

export class RateLimits {
  readonly #left = new Map<Bucket, { tokens: number; at: number }>();

  /** Takes a token, or throws 429 with Retry-After. Answers with the header that tells what is left. */
  take(method: string, type: string, operation: string, now: number): Record<string, string> {
    const bucket = bucketOf(method);
    const left = this.#take(bucket, operation, now);
    if ((method === 'PUT' || method === 'DELETE') && type.startsWith('microsoft.network/'))
      this.#take('network', operation, now);
    return { [`x-ms-ratelimit-remaining-subscription-${bucket}`]: String(Math.floor(left)) };
  }

  #take(bucket: Bucket, operation: string, now: number): number {
    const { capacity, perSecond } = sizes[bucket];
    const { tokens, at } = this.#left.get(bucket) ?? { tokens: capacity, at: now };
    const full = Math.min(capacity, tokens + (Math.max(0, now - at) / 1000) * perSecond);
    const rest = full - 1;
    this.#left.set(bucket, { tokens: rest < 0 ? full : rest, at: now });
    if (rest < 0) throw throttled(operation, Math.ceil((1 - full) / perSecond));
    return rest;
  }
}

/** Wording as users quote it: MicrosoftDocs/azure-docs #105248. */
export function throttled(operation: string, retryAfterSeconds: number): ArmFault {
  return new ArmFault(
    429,
    'SubscriptionRequestsThrottled',
    `Number of requests for operation '${operation}' exceeded the limit. Please try again after '${retryAfterSeconds}' seconds.`,
    { 'retry-after': String(retryAfterSeconds) },
  );
}

function bucketOf(method: string): 'reads' | 'writes' | 'deletes' {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
