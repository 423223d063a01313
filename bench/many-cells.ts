import type { CellLayout, RegionLayout } from '../sandbox/azure/layout.ts';

/** What the policy of the sandbox knows by name, beside the first cell. */
const known = [
  { name: 'eastus', displayName: 'East US' },
  { name: 'westus', displayName: 'West US' },
];

/** So many regions of so many cells each; every second one stands by for the one before it. */
export function manyCells(regions: number, cellsEach: number): RegionLayout[] {
  return Array.from({ length: regions }, (_, region) => ({
    ...(known[region] ?? { name: `region${region + 1}`, displayName: `Region ${region + 1}` }),
    resourceGroup: region === 0 ? 'rg-stamps-production' : `rg-stamps-${region + 1}`,
    environment: `env-${region + 1}`,
    cells: Array.from({ length: cellsEach }, (_, cell) => cellOf(region, cell)),
  }));
}

function cellOf(region: number, cell: number): CellLayout {
  const active = region % 2 === 0;
  const named = (of: number) => (of === 0 && cell === 0 ? 'cell-banking' : `cell-${of + 1}-${cell + 1}`);
  return {
    name: named(region),
    role: active ? 'active' : 'standby',
    ...(active && { fallback: named(region + 1) }),
    maxReplicas: 10,
    revisions: [{ suffix: 'v1', weight: 100, replicas: 3, created: '2026-09-01T10:00:00Z', active: true }],
  };
}
