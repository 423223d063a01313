/** What stands before the regions, at a moment. An absent part could not be read; null: there is none. */
export interface GlobalServices {
  /** Null: the estate file names no public host. */
  readonly dns?: DnsAnswer | null;
  /** Null: Azure has no service of that name. */
  readonly apim?: ApiManagement | null;
  readonly cache?: CacheUse;
  readonly apiUse?: ApiUse;
}

/** API Management: its state in Azure's words, and its gateways. */
export interface ApiManagement {
  readonly provisioningState: string;
  readonly gateways: readonly {
    readonly location: string;
    readonly enabled: boolean;
    /** What it depends on and can't reach; absent: not known. */
    readonly unreachable?: readonly string[];
  }[];
}

export interface DnsAnswer {
  readonly host: string;
  /** Where its chain of names ends; null: DNS has no answer. */
  readonly leadsTo: string | null;
  readonly tookMs: number;
}

/** Front Door's cache. What is absent is not known: Azure has no figure where nobody asked, or nothing may be cached. */
export interface CacheUse {
  /** Of the bytes that went to clients, how many came from the cache: percent, mean of the last quarter of an hour. */
  readonly hitPercent?: number;
  /** The same of the two hours before that. */
  readonly beforePercent?: number;
  /** Requests of the last quarter of an hour. */
  readonly requests?: number;
}

/** Lost a third of what it did: somebody emptied it, or changed its rules. */
export function cacheFell({ hitPercent, beforePercent }: CacheUse): boolean {
  return hitPercent !== undefined && beforePercent !== undefined && hitPercent < (2 / 3) * beforePercent;
}

/** Calls of a tenant at API Management. */
export interface TenantCalls {
  /** Its id; the subscription's name where that is no tenant's; undefined: calls without a subscription. */
  readonly name?: string;
  readonly calls: number;
  /** Answered with a 5xx. */
  readonly failed: number;
  /** Answered with a 429. */
  readonly tooMany: number;
}

/** Everybody's calls of the last minutes. */
export interface ApiUse {
  readonly windowMs: number;
  readonly calls: number;
  readonly failed: number;
  readonly tooMany: number;
  /** The busiest first. */
  readonly tenants: readonly TenantCalls[];
}

/** Calls by subscription put together. `pattern`: how a tenant's subscription is called, `{tenant}-subscription`. */
export function apiUseOf(
  rows: readonly (Omit<TenantCalls, 'name'> & { readonly subscription: string })[],
  pattern: string,
  windowMs: number,
): ApiUse {
  const [before = '', after = ''] = pattern.split('{tenant}');
  const nameOf = (subscription: string) =>
    subscription.startsWith(before) && subscription.endsWith(after)
      ? subscription.slice(before.length, subscription.length - after.length) || subscription
      : subscription;
  const sum = (of: 'calls' | 'failed' | 'tooMany') => rows.reduce((total, row) => total + row[of], 0);
  return {
    windowMs,
    calls: sum('calls'),
    failed: sum('failed'),
    tooMany: sum('tooMany'),
    tenants: rows
      .map(({ subscription, calls, failed, tooMany }) => ({
        ...(subscription !== '' && { name: nameOf(subscription) }),
        calls,
        failed,
        tooMany,
      }))
      .toSorted((a, b) => b.calls - a.calls),
  };
}

/** Those that a glance should see: the busiest, and of the others those with the most calls refused or failed. */
export function tenantsToShow({ tenants }: ApiUse, busiest: number, worst: number): TenantCalls[] {
  const bad = ({ failed, tooMany }: TenantCalls) => failed + tooMany;
  const others = tenants
    .slice(busiest)
    .filter((one) => bad(one) > 0)
    .toSorted((a, b) => bad(b) - bad(a));
  return [...tenants.slice(0, busiest), ...others.slice(0, worst)];
}
