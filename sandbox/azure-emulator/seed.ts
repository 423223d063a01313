export const subscriptionId = '00000000-0000-4000-8000-00000000cafe';

export interface CellSeed {
  readonly name: string;
  readonly region: string;
  readonly role: 'active' | 'standby';
  readonly fallback?: string;
  readonly revisions: readonly string[];
  /** Replicas that run, and the most that may; each serves `perReplica` requests a second. */
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Mean requests a second of its tenants. */
  readonly demand: number;
}

export const perReplica = 50;
export const regions = [
  { name: 'eastus', resourceGroup: 'rg-stamps-production' },
  { name: 'westus', resourceGroup: 'rg-stamps-dr' },
] as const;

const active = (name: string, demand: number, revisions: readonly string[]): CellSeed => ({
  name,
  region: 'eastus',
  role: 'active',
  fallback: `${name}-dr`,
  revisions,
  replicas: 6,
  maxReplicas: 12,
  demand,
});
const standby = (name: string): CellSeed => ({
  name,
  region: 'westus',
  role: 'standby',
  revisions: ['v7'],
  replicas: 4,
  maxReplicas: 12,
  demand: 0,
});

/** The estate of the operations guide: three cells in eastus, their stand-ins in westus. */
export const cells: readonly CellSeed[] = [
  active('cell-banking', 210, ['v7']),
  active('cell-retail', 240, ['v8', 'v7']),
  active('cell-healthcare', 120, ['v7']),
  standby('cell-banking-dr'),
  standby('cell-retail-dr'),
  standby('cell-healthcare-dr'),
];

const customers: Readonly<Record<string, { names: string; compliance: string[] }>> = {
  'cell-banking': {
    names: 'northbank,harbor-credit,alpine-pay,kestrel-funds,mint-ledger,oak-savings,river-trust,summit-card',
    compliance: ['PCI-DSS'],
  },
  'cell-retail': {
    names: 'bluecart,corner-goods,daily-market,fern-and-co,garnet-shop,hazel-home,juniper-toys,lark-books,moss-garden',
    compliance: [],
  },
  'cell-healthcare': {
    names: 'careline,delta-clinic,evergreen-health,first-aid-net,grace-labs,hope-hospital,iris-dental',
    compliance: ['HIPAA'],
  },
};
const tiers = ['enterprise', 'smb', 'startup'] as const;
const sla = { enterprise: '99.99', smb: '99.9', startup: '99.5' } as const;

/** Records of the tenant registry; one of each cell is suspended. */
export const tenants = Object.entries(customers).flatMap(([cell, { names, compliance }]) =>
  names.split(',').map((tenantId, index) => {
    const tier = tiers[index % 3] as (typeof tiers)[number];
    return {
      id: tenantId,
      tenantId,
      subdomain: tenantId,
      cellBackendPool: `${cell}-backend`,
      cellName: cell,
      tenantTier: tier,
      region: 'eastus',
      complianceRequirements: compliance,
      status: index === 6 ? 'suspended' : 'active',
      slaLevel: sla[tier],
    };
  }),
);

export const groupId = (region: string): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${regions.find(({ name }) => name === region)?.resourceGroup ?? ''}`;
export const gatewayId = (region: string): string =>
  `${groupId(region)}/providers/Microsoft.Network/applicationGateways/agw-stamps`;
export const appId = (cell: Pick<CellSeed, 'name' | 'region'>): string =>
  `${groupId(cell.region)}/providers/Microsoft.App/containerApps/app-${cell.name}`;
export const fqdnOf = (cell: Pick<CellSeed, 'name' | 'region'>): string =>
  `app-${cell.name}.${cell.region}.azurecontainerapps.io`;
export const maintenance = 'maintenance.stamps.example';

/** The estate file that describes all this. */
export function estateFile(cosmosUrl: string, metricsUrl: string, drain: string): string {
  const lines = [
    'version: 1',
    `subscriptionId: ${subscriptionId}`,
    'naming: guide',
    `tenants: { endpoint: "${cosmosUrl}", database: globaldb, container: tenants }`,
    `drain: ${drain}`,
    'regions:',
  ];
  for (const { name, resourceGroup } of regions) {
    lines.push(
      `  - name: ${name}`,
      `    resourceGroup: ${resourceGroup}`,
      `    metricsUrl: "${metricsUrl}"`,
      '    cells:',
    );
    for (const cell of cells.filter(({ region }) => region === name)) {
      lines.push(
        `      - name: ${cell.name}`,
        `        role: ${cell.role}`,
        `        requestsPerSecondPerReplica: ${perReplica}`,
      );
      if (cell.fallback !== undefined) lines.push(`        fallback: { cell: ${cell.fallback} }`);
    }
  }
  return `${lines.join('\n')}\n`;
}
