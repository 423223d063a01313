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

/** How many tenants are alike in all that says who is hurt. Words as those of a tenant. */
export interface TenantCount extends Pick<Tenant, 'cell' | 'tier' | 'sla' | 'status'> {
  readonly count: number;
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
  return sum(values.map((value) => [value, 1]));
}

/** What belongs to each word, in the words' order. */
function sum(parts: readonly (readonly [word: string, count: number])[]): Record<string, number> {
  // The registry's words are strangers': a Map takes `constructor` as a word like any other.
  const sums = new Map<string, number>();
  for (const [word] of [...parts].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))) sums.set(word, 0);
  for (const [word, more] of parts) sums.set(word, (sums.get(word) ?? 0) + more);
  return Object.fromEntries(sums);
}

/** Who is hurt, from counts: active tenants, by tier and by SLA. */
export function hurtOf(counts: readonly TenantCount[]): Pick<Impact, 'tenants' | 'byTier' | 'bySla'> {
  const active = counts.filter(({ status }) => status === 'active');
  return {
    tenants: active.reduce((all, { count: some }) => all + some, 0),
    byTier: sum(active.map(({ tier, count: some }) => [tier, some])),
    bySla: sum(active.map(({ sla, count: some }) => [sla, some])),
  };
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
