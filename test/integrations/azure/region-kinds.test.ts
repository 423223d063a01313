import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { createProbes } from '../../../src/integrations/probes/create-probes.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { ProbesPort } from '../../../src/ports/probes.ts';
import type { ResourceKind } from '../../../src/ports/resource-kind.ts';
import { armOf, type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const group = '/subscriptions/00000000-0000-4000-8000-00000000cafe/resourceGroups/rg-stamps-production/providers';
const endpoint = `${group}/Microsoft.Network/trafficManagerProfiles/tm-stamps/externalEndpoints/primary-endpoint`;
const origin = `${group}/Microsoft.Cdn/profiles/fd-stamps/originGroups/stamps-origins/origins/eastus-origin`;
const sqlGroup = `${group}/Microsoft.Sql/servers/sql-stamps-eastus/failoverGroups/fog-stamps`;
const cosmos = `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos-global-stamps`;
const app = `${group.replace('production', 'dr')}/Microsoft.App/containerApps/app-cell-banking-dr`;

describe('what a region is moved by, over the emulator', () => {
  let azure: RunningAzure;
  let ports: AzurePorts;
  let probes: ProbesPort;

  beforeEach(async () => {
    azure = await startRunningAzure();
    const estate = parseEstate(azure.estateFile);
    probes = createProbes({ estate, clock: systemClock });
    const { armUrl } = azure;
    const token = await tokenFor(azure, 'https://management.azure.com');
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    ports = createAzure({ estate, armUrl, credential, clock: systemClock, probes });
  });
  afterEach(() => azure.close());

  /** Writes as the engine does: until the operation has ended. Answers with how it ended. */
  async function write<State extends object>(kind: ResourceKind<State & never> | ResourceKind, id: string, to: State) {
    const any = kind as ResourceKind;
    const ref = { kind: any.kind, id };
    const { operation } = await any.write(ref, to as never, { signal: never, runId: 'r-1' });
    while (operation !== undefined) {
      const status = await any.poll?.(operation, never);
      if (status?.state !== 'running') return status;
      await systemClock.sleep(20);
    }
    return undefined;
  }
  const state = async (kind: unknown, id: string) => (await (kind as ResourceKind).read({ kind: '', id }, never)).state;

  it('switches one endpoint and leaves the others as they are', async () => {
    const { traffic } = ports;
    expect(await state(traffic, endpoint)).toEqual({ enabled: true, priority: 1, weight: 1 });
    await write(traffic as unknown as ResourceKind, endpoint, { enabled: false, priority: 7, weight: 1 });
    const { endpoints } = await traffic.profile(parseEstate(azure.estateFile).trafficManagerId, never);
    expect(endpoints).toMatchObject([
      { id: endpoint, name: 'primary-endpoint', location: 'eastus', enabled: false, priority: 7 },
      { name: 'dr-endpoint', location: 'westus', enabled: true, priority: 2, monitorStatus: 'Online' },
    ]);
    expect(azure.accepted.map(({ method, path }) => [method, path.split('/').at(-1)])).toEqual([
      ['PATCH', 'primary-endpoint'],
    ]);
  });

  it('waits until DNS leads elsewhere, and until probes find an endpoint well', async () => {
    const ref = { kind: 'traffic-endpoint', id: endpoint };
    const off = { enabled: false, priority: 1, weight: 1 };
    expect(await ports.traffic.pending?.(ref, off, never)).toContain('DNS still leads');
    azure.faults.setEndpoint('eastus', false);
    expect(await ports.traffic.pending?.(ref, off, never)).toBeNull();
    azure.faults.setEndpoint('eastus', true);
    azure.faults.failRegion('eastus');
    expect(await ports.traffic.pending?.(ref, { ...off, enabled: true }, never)).toContain('Degraded');
    azure.faults.healRegion('eastus');
    expect(await ports.traffic.pending?.(ref, { ...off, enabled: true }, never)).toBeNull();
  });

  it('waits for no probe of an endpoint that always serves', async () => {
    const ref = { kind: 'traffic-endpoint', id: endpoint };
    azure.faults.failRegion('eastus');
    const arm = await armOf(azure);
    await arm('PATCH', endpoint, { body: { properties: { alwaysServe: 'Enabled' } } });
    expect(await ports.traffic.pending?.(ref, { enabled: true, priority: 1, weight: 1 }, never)).toBeNull();
  });

  it('scales an app by a new revision, and waits for its replicas', async () => {
    const { scale, containerApps } = ports;
    const before = await containerApps.app(app, never);
    expect(before).toMatchObject({ minReplicas: 7, maxReplicas: 12, followsLatest: true });
    await write(scale as unknown as ResourceKind, app, { minReplicas: 9, maxReplicas: 15 });
    const ref = { kind: 'container-app-scale', id: app };
    const wanted = { minReplicas: 9, maxReplicas: 15 };
    expect(await state(scale, app)).toEqual(wanted);
    for (let looks = 0; (await scale.pending?.(ref, wanted, never)) !== null; looks += 1) {
      if (looks > 100) throw new Error('never ready');
      await systemClock.sleep(10);
    }
    const [newest, oldest] = await containerApps.revisions(app, never);
    expect(newest).toMatchObject({ active: true, replicas: 9, trafficPercent: 100 });
    expect(oldest).toMatchObject({ active: false });
  });

  it('tells apps whose traffic is pinned to revisions by name', async () => {
    const east = app.replace('-dr/', '-production/').replace('banking-dr', 'healthcare');
    expect((await ports.containerApps.app(east, never)).followsLatest).toBe(false);
    expect(await ports.containerApps.appsOf(group.replace('/providers', ''), never)).toHaveLength(3);
  });

  it('switches an origin of Front Door', async () => {
    expect(await write(ports.frontDoor as unknown as ResourceKind, origin, { enabled: false })).toEqual({
      state: 'succeeded',
    });
    const all = await ports.frontDoor.origins(origin.replace('/origins/eastus-origin', ''), never);
    expect(all.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['eastus-origin', false],
      ['westus-origin', true],
    ]);
  });

  it('reads whether the name of Front Door is on', async () => {
    const profile = origin.replace(/\/originGroups.*/, '');
    const entries = () => ports.frontDoor.endpoints(profile, never);
    expect(await entries()).toEqual([{ id: `${profile}/afdEndpoints/stamps`, name: 'stamps', enabled: true }]);
    azure.faults.setFrontDoor(false);
    expect((await entries())[0]?.enabled).toBe(false);
  });

  it('fails SQL over to the other server, and back', async () => {
    const { sql } = ports;
    expect(await sql.group(sqlGroup, never)).toMatchObject({
      primary: 'sql-stamps-eastus',
      replicationState: 'CATCH_UP',
      servers: [
        { name: 'sql-stamps-eastus', region: 'eastus', role: 'Primary' },
        { name: 'sql-stamps-westus', region: 'westus', role: 'Secondary' },
      ],
    });
    const kind = sql as unknown as ResourceKind;
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-westus' })).toEqual({ state: 'succeeded' });
    expect(await state(sql, sqlGroup)).toEqual({ primary: 'sql-stamps-westus' });
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-eastus' })).toEqual({ state: 'succeeded' });
    expect(azure.accepted.map(({ path }) => path.split('/servers/')[1])).toEqual([
      'sql-stamps-westus/failoverGroups/fog-stamps/failover',
      'sql-stamps-eastus/failoverGroups/fog-stamps/failover',
    ]);
  });

  it('does not take a second failover while one goes on', async () => {
    const ref = { kind: 'sql-failover-group', id: sqlGroup };
    const to = { primary: 'sql-stamps-westus' };
    azure.faults.gatewayDelay(60_000);
    await ports.sql.write(ref, to, { signal: never, runId: 'r-1' });
    await expect(ports.sql.write(ref, to, { signal: never, runId: 'r-1' })).rejects.toMatchObject({ code: 'conflict' });
    expect(azure.accepted).toHaveLength(1);
  });

  it('cannot fail SQL over without loss while it does not replicate, but by force', async () => {
    const kind = ports.sql as unknown as ResourceKind;
    azure.faults.failRegion('eastus');
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-westus' })).toMatchObject({ state: 'failed' });
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-westus', dataLossAllowed: true })).toEqual({
      state: 'succeeded',
    });
    expect((await ports.sql.group(sqlGroup, never)).replicationState).toBe('SUSPENDED');
    azure.faults.healRegion('eastus');
    expect((await ports.sql.group(sqlGroup, never)).replicationState).toBe('SEEDING');
  });

  it('cannot wait for a lost region whose SQL still says that it replicates, but force it', async () => {
    const kind = ports.sql as unknown as ResourceKind;
    azure.faults.untoldSqlLoss(true);
    azure.faults.failRegion('eastus');
    expect((await ports.sql.group(sqlGroup, never)).replicationState).toBe('CATCH_UP');
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-westus' })).toMatchObject({ state: 'failed' });
    expect(await write(kind, sqlGroup, { primary: 'sql-stamps-westus', dataLossAllowed: true })).toEqual({
      state: 'succeeded',
    });
    expect((await ports.sql.group(sqlGroup, never)).replicationState).toBe('SUSPENDED');
  });

  it('moves the writes of Cosmos, with every region named once', async () => {
    const kind = ports.cosmosAccounts as unknown as ResourceKind;
    expect(await write(kind, cosmos, { regions: ['westus', 'eastus'] })).toEqual({ state: 'succeeded' });
    expect(await ports.cosmosAccounts.account(cosmos, never)).toEqual({
      regions: ['westus', 'eastus'],
      multipleWriteRegions: false,
      automaticFailover: true,
      provisioningState: 'Succeeded',
    });
    await expect(write(kind, cosmos, { regions: ['westus'] })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('tells who switched what by hand', async () => {
    azure.faults.setEndpoint('eastus', false);
    const since = Date.now() - 60_000;
    const there = group.replace('/providers', '');
    const { entries, complete } = await ports.activity.writes(there, since, never);
    expect(entries[0]).toMatchObject({ caller: 'dana@stamps.example', resourceId: endpoint });
    expect(complete).toBe(true);
    expect(await ports.activity.writes(there.replace('production', 'dr'), since, never)).toEqual({
      entries: [],
      complete: true,
    });
  });

  it('tells that somebody did more by hand than it reads', async () => {
    for (let nth = 0; nth < 1_100; nth += 1) azure.faults.setEndpoint('eastus', nth % 2 === 0);
    const { entries, complete } = await ports.activity.writes(group.replace('/providers', ''), 0, never);
    expect([entries.length, complete]).toEqual([1_000, false]);
  });

  describe('probes', () => {
    it('follow the public name to the endpoint that DNS answers', async () => {
      expect(await probes.leadsTo('stamps.trafficmanager.net', never)).toBe('eastus.stamps.example');
      azure.faults.failRegion('eastus');
      expect(await probes.leadsTo('stamps.trafficmanager.net', never)).toBe('westus.stamps.example');
    });

    it('call a region as clients do', async () => {
      const url = parseEstate(azure.estateFile).regions[0]?.probeUrl as string;
      expect((await probes.call(url, never)).status).toBe(200);
      for (const cell of ['cell-banking', 'cell-retail', 'cell-healthcare']) azure.faults.failCell(cell);
      expect((await probes.call(url, never)).status).toBe(503);
      azure.faults.failRegion('eastus');
      await expect(probes.call(url, never)).rejects.toMatchObject({ code: 'unavailable' });
    });

    it.each([
      'https://169.254.169.254/metadata',
      'http://127.0.0.1/eastus/health',
      'https://user@127.0.0.1/',
      'file:///etc/passwd',
      'nonsense',
    ])('ask nothing of %s', async (url) => {
      await expect(probes.call(url, never)).rejects.toMatchObject({ code: 'not-allowed' });
      await expect(probes.leadsTo('example.com', never)).rejects.toMatchObject({ code: 'not-allowed' });
    });
  });
});
