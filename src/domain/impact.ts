/** A customer on a cell, as the global tenant registry (Cosmos `globaldb/tenants`) has it. */
export interface Tenant {
  readonly tenantId: string;
  readonly cell: string;
  readonly region: string;
  /** The registry's words: `startup`, `smb`, `enterprise`, … */
  readonly tier: string;
  /** The registry's words: `99.9`, `99.99`, … in percent; `none` when the tenant has no SLA. */
  readonly sla: string;
  /** `PCI-DSS`, `HIPAA`, … */
  readonly compliance: readonly string[];
  readonly status: string;
}

/** Who is hurt by a plan: its blast radius. Counts only, so that it is part of the plan's hash. */
export interface Impact {
  readonly tenants: number;
  readonly byTier: Readonly<Record<string, number>>;
  readonly bySla: Readonly<Record<string, number>>;
  readonly byCompliance: Readonly<Record<string, number>>;
  /** Cells of the region that stay in service, by name. */
  readonly healthyCellsLeft: readonly string[];
  /** Cells out of service once the plan is applied, over the whole estate. */
  readonly cellsOut: number;
}

function count(values: readonly string[]): Record<string, number> {
  // The registry's words are strangers': a Map takes `constructor` as a word like any other.
  const counts = new Map<string, number>();
  for (const value of [...values].sort()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Counts active tenants; suspended and deleted ones are not hurt. */
export function impactOf(tenants: readonly Tenant[], rest: Pick<Impact, 'healthyCellsLeft' | 'cellsOut'>): Impact {
  const active = tenants.filter((tenant) => tenant.status === 'active');
  return {
    tenants: active.length,
    byTier: count(active.map((tenant) => tenant.tier)),
    bySla: count(active.map((tenant) => tenant.sla)),
    byCompliance: count(active.flatMap((tenant) => [...tenant.compliance])),
    ...rest,
  };
}
