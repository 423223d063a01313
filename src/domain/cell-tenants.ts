/** How a cell's app answered one tenant in the last minutes. */
export interface CellTenant {
  /** Undefined: requests that name no tenant. */
  readonly tenant?: string;
  readonly requests: number;
  readonly failed: number;
  /** 95th percentile; absent: too few requests to tell. */
  readonly p95Ms?: number;
}

/** Fewer say nothing about a percentile; the indicator leaves them out too (src/kpis/queries.ts). */
export const leastRequests = 20;

/** The slowest first; those of which nothing can be said last. */
export function slowestFirst(tenants: readonly CellTenant[]): CellTenant[] {
  return tenants.toSorted((a, b) => (b.p95Ms ?? -1) - (a.p95Ms ?? -1) || b.requests - a.requests);
}
