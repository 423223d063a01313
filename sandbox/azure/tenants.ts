import type { RegionLayout } from './layout.ts';

/** A record of the global tenant registry, `globaldb/tenants`, partitioned by `tenantId`. */
export interface TenantRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly subdomain: string;
  readonly cellType: 'shared' | 'dedicated';
  readonly cellName: string;
  readonly cellBackendPool: string;
  readonly region: string;
  readonly tenantTier: 'startup' | 'smb' | 'enterprise';
  /** Percent, or `none`. */
  readonly slaLevel: string;
  readonly complianceRequirements: readonly string[];
  readonly status: 'active' | 'suspended';
  readonly createdDate: string;
}

/** A tenant, and what it asks for. */
export interface SeededTenant {
  readonly record: TenantRecord;
  /** Mean requests a second; 0 for a suspended one. */
  readonly requestsPerSecond: number;
}

type Row = readonly [
  name: string,
  tier: TenantRecord['tenantTier'],
  requestsPerSecond: number,
  sla: string,
  more?: string,
];

/** `more`: further compliance, comma-separated; `suspended`. Sums fit the cells' replicas with a tenth to spare. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  'cell-banking': [
    ['Northwind Bank', 'enterprise', 62, '99.99', 'SOX'],
    ['Fabrikam Payments', 'enterprise', 54, '99.99'],
    ['Woodgrove Trust', 'enterprise', 38, '99.95', 'SOX'],
    ['Bellows Credit Union', 'smb', 26, '99.9'],
    ['Relecloud Invoicing', 'smb', 20, '99.9'],
    ['Margie Lending', 'startup', 12, 'none'],
    ['Proseware Wallet', 'startup', 8, 'none'],
    ['Tailspin Micropay', 'startup', 0, 'none', 'suspended'],
  ],
  'cell-retail': [
    ['Contoso Outfitters', 'enterprise', 118, '99.95', 'PCI-DSS'],
    ['Adventure Works Cycles', 'enterprise', 84, '99.95', 'PCI-DSS'],
    ['Wide World Importers', 'enterprise', 56, '99.9'],
    ['Alpine Ski House', 'smb', 38, '99.9'],
    ['Coho Vineyard', 'smb', 30, '99.9'],
    ['Lucerne Publishing', 'smb', 24, '99.5'],
    ['Southridge Video', 'smb', 18, '99.5'],
    ['Graphic Design Shop', 'startup', 14, 'none'],
    ['Best For You Organics', 'startup', 10, 'none'],
    ['Fourth Coffee', 'startup', 8, 'none'],
  ],
  'cell-healthcare': [
    ['Litware Hospital Group', 'enterprise', 48, '99.99'],
    ['Humongous Insurance', 'enterprise', 40, '99.99', 'SOX'],
    ['Trey Research Labs', 'smb', 24, '99.9', 'GxP'],
    ['School of Fine Care', 'smb', 16, '99.9'],
    ['City Power Clinics', 'startup', 12, '99.5'],
    ['Blue Yonder Pharmacy', 'startup', 0, 'none', 'suspended'],
  ],
};

const always: Readonly<Record<string, readonly string[]>> = {
  'cell-banking': ['PCI-DSS'],
  'cell-healthcare': ['HIPAA'],
};

export function seedTenants(regions: readonly RegionLayout[]): SeededTenant[] {
  return regions.flatMap((region) =>
    region.cells.flatMap(({ name: cell }) =>
      (rows[cell] ?? []).map((row, index) => tenantOf(row, cell, region.name, index)),
    ),
  );
}

function tenantOf(
  [name, tier, requestsPerSecond, sla, more = '']: Row,
  cell: string,
  region: string,
  index: number,
): SeededTenant {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const marks = more.split(',').filter((mark) => mark !== '');
  return {
    requestsPerSecond,
    record: {
      id,
      tenantId: id,
      displayName: name,
      subdomain: id,
      cellType: tier === 'enterprise' && index === 0 ? 'dedicated' : 'shared',
      cellName: cell,
      cellBackendPool: `${cell}-backend`,
      region,
      tenantTier: tier,
      slaLevel: sla,
      complianceRequirements: [...(always[cell] ?? []), ...marks.filter((mark) => mark !== 'suspended')],
      status: marks.includes('suspended') ? 'suspended' : 'active',
      createdDate: new Date(Date.UTC(2024, index * 2, 3 + index)).toISOString(),
    },
  };
}
