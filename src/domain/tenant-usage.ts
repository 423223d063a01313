import type { ApiLimits, QuotaOutlook, QuotaPeriod } from './api-limits.ts';
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
  /** In which its quota counts now. */
  readonly period?: QuotaPeriod;
  /** Absent with a period: Azure has no figures of it yet, or they could not be read. */
  readonly outlook?: QuotaOutlook;
  /** The running period began so short a time ago that Azure's report cannot have it. */
  readonly periodIsNew?: true;
  readonly troubles: readonly string[];
}
