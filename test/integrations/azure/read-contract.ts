import { backendPoolId, type Estate } from '../../../src/domain/estate.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { never } from './scripted-azure.ts';

/** What holds for every account whose estate file is right, an emulated one or a real one. Reads only. */
export async function readContract(azure: AzurePorts, estate: Estate): Promise<void> {
  for (const region of estate.regions) {
    const ids = estate.cells.filter((cell) => cell.region === region.name).map((cell) => cell.containerAppId);
    const load = await azure.load.load(ids, region.metricsUrl, never);
    for (const [id, { requestsPerSecond, replicas }] of load) {
      expect(ids).toContain(id);
      expect(requestsPerSecond).toBeGreaterThanOrEqual(0);
      expect(replicas).toBeGreaterThanOrEqual(0);
    }
    expect(Array.isArray(await azure.gateways.defaultPools(region.gatewayId, never))).toBe(true);
  }

  const counts = await azure.tenants.counts(never);
  for (const cell of estate.cells) {
    const pool = { kind: 'gateway-pool', id: backendPoolId(cell) };
    const { state, etag } = await azure.gateways.read(pool, never);
    expect(state?.addresses.length).toBeGreaterThan(0);
    expect(etag).toEqual(expect.any(String));
    const pools = await azure.gateways.poolsOf(cell.gatewayId, never);
    expect(pools.get(cell.backendPool.toLowerCase())).toEqual(state);
    const health = await azure.gateways.backendHealth(pool.id, never);
    expect(health.map(({ address }) => address).sort()).toEqual(state?.addresses);

    const app = await azure.containerApps.app(cell.containerAppId, never);
    expect(app.id.toLowerCase()).toBe(cell.containerAppId.toLowerCase());
    const revisions = await azure.containerApps.revisions(cell.containerAppId, never);
    expect(revisions.length).toBeGreaterThan(0);
    for (const { id, active } of revisions) {
      const reading = await azure.containerApps.read({ kind: 'container-app-revision', id }, never);
      expect(reading.state).toEqual({ active });
    }

    const group = cell.containerAppId.slice(0, cell.containerAppId.indexOf('/providers/'));
    const listed = await azure.inventory.list(group, 'Microsoft.App/containerApps', never);
    expect(listed.map((id) => id.toLowerCase())).toContain(cell.containerAppId.toLowerCase());

    const onCell = await azure.tenants.onCell(cell.name, never);
    for (const tenant of onCell) expect(tenant.cell).toBe(cell.name);
    const counted = counts.filter((count) => count.cell === cell.name);
    expect(counted.reduce((all, { count }) => all + count, 0)).toBe(onCell.length);
  }

  const profile = await azure.traffic.profile(estate.trafficManagerId, never);
  expect(profile.endpoints.length).toBeGreaterThan(0);
}
