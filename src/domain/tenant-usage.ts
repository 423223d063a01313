import type { ApiLimits, QuotaOutlook } from './api-limits.ts';
import type { Tenant } from './impact.ts';

/** A tenant's calls over a time. What is absent is not known, and `troubles` say why. */
export interface TenantUsage {
  readonly tenantId: string;
  /** As the registry has it; null: it has no such tenant, though API Management may. */
  readonly tenant?: Tenant | null;
  readonly windowMs: number;
  /** From API Management's report; `failed` is 400 and 5xx, `blocked` 401, 403 and 429. */
  readonly calls?: { readonly calls: number; readonly failed: number; readonly blocked: number };
  /** From the gateway's log. */
  readonly tooMany?: number;
  readonly limits?: ApiLimits & { readonly product: string; readonly state: string };
  readonly outlook?: QuotaOutlook;
  readonly troubles: readonly string[];
}
