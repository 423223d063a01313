/** What the sandbox's estate is made of: the operations guide's regions and cells, with its names. */

export interface RevisionLayout {
  /** `app-cell-retail--<suffix>` is its name. */
  readonly suffix: string;
  /** 0–100; those of an app sum to 100. */
  readonly weight: number;
  /** How many it runs while it is active. */
  readonly replicas: number;
  readonly active: boolean;
  /** ISO 8601. */
  readonly created: string;
}

export interface CellLayout {
  readonly name: string;
  readonly role: 'active' | 'standby';
  /** The cell that takes over. */
  readonly fallback?: string;
  readonly maxReplicas: number;
  /** Its traffic goes to one revision by name, though it is not split. */
  readonly pinned?: true;
  readonly revisions: readonly RevisionLayout[];
}

export interface RegionLayout {
  readonly name: string;
  /** As Cosmos writes it. */
  readonly displayName: string;
  readonly resourceGroup: string;
  /** Of the container apps' environment: the random part of their host names. */
  readonly environment: string;
  readonly cells: readonly CellLayout[];
}

export const subscriptionId = '00000000-0000-4000-8000-00000000cafe';
export const globalGroup = 'rg-stamps-production';
export const gatewayName = 'agw-stamps';
export const trafficManagerName = 'tm-stamps';
export const maintenanceHost = 'maintenance.stamps.example';
/** What one replica serves before requests fail. */
export const requestsPerSecondPerReplica = 50;
export const mostTenantsPerCell = 12;

const revision = (
  suffix: string,
  weight: number,
  replicas: number,
  created: string,
  active = true,
): RevisionLayout => ({
  suffix,
  weight,
  replicas,
  active,
  created,
});

export const guideRegions: readonly RegionLayout[] = [
  {
    name: 'eastus',
    displayName: 'East US',
    resourceGroup: 'rg-stamps-production',
    environment: 'blueriver-4f1c2a7e',
    cells: [
      {
        name: 'cell-banking',
        role: 'active',
        fallback: 'cell-banking-dr',
        maxReplicas: 12,
        revisions: [revision('v41', 100, 6, '2026-08-31T07:12:00Z')],
      },
      {
        name: 'cell-retail',
        role: 'active',
        fallback: 'cell-retail-dr',
        maxReplicas: 20,
        revisions: [
          // A new version that gets a fifth of the traffic so far.
          revision('v58', 20, 3, '2026-09-14T13:05:00Z'),
          revision('v57', 80, 8, '2026-09-01T10:20:00Z'),
        ],
      },
      {
        name: 'cell-healthcare',
        role: 'active',
        fallback: 'cell-healthcare-dr',
        pinned: true,
        maxReplicas: 8,
        revisions: [
          revision('v23', 100, 4, '2026-07-19T16:30:00Z'),
          // Switched off when its successor came.
          revision('v22', 0, 4, '2026-05-11T08:15:00Z', false),
        ],
      },
    ],
  },
  {
    name: 'westus',
    displayName: 'West US',
    resourceGroup: 'rg-stamps-dr',
    environment: 'redcliff-9d03b6c1',
    cells: [
      {
        name: 'cell-banking-dr',
        role: 'standby',
        maxReplicas: 12,
        revisions: [revision('v41', 100, 7, '2026-08-31T07:30:00Z')],
      },
      {
        name: 'cell-retail-dr',
        role: 'standby',
        maxReplicas: 20,
        revisions: [revision('v57', 100, 11, '2026-09-01T10:45:00Z')],
      },
      {
        name: 'cell-healthcare-dr',
        role: 'standby',
        maxReplicas: 8,
        revisions: [revision('v23', 100, 5, '2026-07-19T16:55:00Z')],
      },
    ],
  },
];

export function providerId(group: string, type: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${type}/${name}`;
}

/** Host name of a cell's app, as Container Apps makes it: app, environment, region. */
export function hostOf(region: RegionLayout, cell: string): string {
  return `app-${cell}.${region.environment}.${region.name}.azurecontainerapps.io`;
}
