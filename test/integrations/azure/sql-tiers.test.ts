import { parseEstate } from '../../../src/domain/estate-file.ts';
import type { SqlDatabase, SqlTierState } from '../../../src/domain/sql-tier.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import { tierNamed } from '../../support/fakes/fake-sql-tiers.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const group = '/subscriptions/00000000-0000-4000-8000-00000000cafe/resourceGroups/rg-stamps-production/providers';
const id = `${group}/Microsoft.Sql/servers/sql-stamps-eastus/databases/sql-cell-banking`;
const ref = { kind: 'sql-tier', id };
const minute = 60_000;

describe('what SQL databases are bought as, over the emulator', () => {
  let azure: RunningAzure;
  let sqlTiers: AzurePorts['sqlTiers'];
  let time: number;

  beforeEach(async () => {
    time = Date.UTC(2026, 10, 24, 3);
    azure = await startRunningAzure({ now: () => time });
    const credential = {
      getToken: async (scopes: string | string[]) => {
        const [scope = ''] = [scopes].flat();
        const token = await tokenFor(azure, scope.replace(/\/\.default$/, ''));
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    const { armUrl } = azure;
    const clock = { ...systemClock, now: () => time };
    ({ sqlTiers } = createAzure({ estate: parseEstate(azure.estateFile), armUrl, credential, clock }));
  });
  afterEach(() => azure.close());

  const write = (to: SqlTierState) => sqlTiers.write(ref, to, { signal: never, runId: 'r-1' });
  /** As the engine does: until the operation has ended. */
  async function follow(operation: string | undefined) {
    while (operation !== undefined) {
      time += 20;
      const status = await sqlTiers.poll?.(operation, never);
      if (status?.state !== 'running') return status;
      await systemClock.sleep(1);
    }
    return undefined;
  }
  const database = () => sqlTiers.database(id, never);

  it('are read with what they may grow to, by DTUs and by vCores', async () => {
    expect(await database()).toEqual({
      ...{ id, location: 'eastus', status: 'Online', kind: 'v12.0,user', mostBytes: 250 * 1024 ** 3 },
      ...{ tier: tierNamed('S3'), zoneRedundant: false, changing: false },
    } satisfies SqlDatabase);
    const standby = id.replace('production', 'dr').replace('eastus', 'westus').replace('banking', 'banking-dr');
    expect((await sqlTiers.database(standby, never)).tier).toEqual(tierNamed('GP_Gen5_2'));
  });

  it('are sold by the location, with sizes, and only what is for sale', async () => {
    const offers = await sqlTiers.offers(await database(), never);
    expect(offers.filter(({ tier }) => tier === 'Standard').map(({ objective }) => objective)).toEqual([
      ...['S0', 'S1', 'S2', 'S3', 'S4', 'S6', 'S7', 'S9', 'S12'],
    ]);
    expect(offers.find(({ objective }) => objective === 'S2')).toEqual({
      ...tierNamed('S2'),
      ...{ zoneRedundant: false, mostBytes: 250 * 1024 ** 3 },
    });
  });

  it('change while they stay online on the old size, and have the new one at the end', async () => {
    const { operation } = await write(tierNamed('S4'));
    expect(operation).toBeDefined();
    expect(await database()).toMatchObject({ tier: tierNamed('S3'), changing: true, status: 'Online' });
    expect(await sqlTiers.read(ref, never)).toEqual({ state: tierNamed('S3'), busy: true });
    expect(await sqlTiers.pending?.(ref, tierNamed('S4'), never)).toContain('is asked for');
    await expect(write(tierNamed('S6'))).rejects.toMatchObject({ code: 'conflict' });
    expect(await follow(operation)).toEqual({ state: 'succeeded' });
    expect(await sqlTiers.read(ref, never)).toEqual({ state: tierNamed('S4'), busy: false });
    expect(await sqlTiers.pending?.(ref, tierNamed('S4'), never)).toBeNull();
    expect(await follow((await write(tierNamed('S3'))).operation)).toEqual({ state: 'succeeded' });
    expect(await sqlTiers.read(ref, never)).toEqual({ state: tierNamed('S3'), busy: false });
  });

  it('stay what they were where Azure gives up, and where it refuses', async () => {
    azure.faults.failOperation();
    expect(await follow((await write(tierNamed('S4'))).operation)).toMatchObject({ state: 'failed' });
    expect(await sqlTiers.read(ref, never)).toEqual({ state: tierNamed('S3'), busy: false });
    await expect(
      write({ ...tierNamed('S3'), objective: 'Basic', sku: 'Basic', tier: 'Basic', capacity: 5 }),
    ).rejects.toThrow(/max size/);
    await expect(write({ ...tierNamed('S3'), capacity: 123 })).rejects.toThrow(/not available/);
  });

  it('tell their pool, and their geo-secondary with its id', async () => {
    expect(await sqlTiers.replicas(id, never)).toEqual([]);
    azure.faults.replicateSql('cell-banking');
    const [link] = await sqlTiers.replicas(id, never);
    expect(link).toEqual({
      id: id.replace('production', 'dr').replace('sql-stamps-eastus', 'sql-stamps-westus'),
      ownRole: 'Primary',
    });
    expect(await sqlTiers.database(link?.id ?? '', never)).toMatchObject({ location: 'westus', tier: tierNamed('S3') });
    expect(await sqlTiers.replicas(link?.id ?? '', never)).toEqual([{ id, ownRole: 'Secondary' }]);
    azure.faults.pooledSql('cell-banking', true);
    expect(await database()).toMatchObject({
      poolId: expect.stringContaining('/elasticPools/pool-stamps'),
      tier: { objective: 'ElasticPool', sku: 'ElasticPool', capacity: 0 },
    });
    await expect(write(tierNamed('S4'))).rejects.toThrow(/elastic pool/);
  });

  it('are full in percent of what they have: of twice as much, half, and so are the windows before', async () => {
    const load = async (minutes = 10) => {
      const over = { metricsUrl: azure.metricsUrl, from: time - minutes * minute, to: time };
      const { percent, of } = (await sqlTiers.load([id], over, never)).get(id) ?? {};
      expect(of).toBe((await database()).tier.capacity);
      return [...(percent?.values() ?? [])];
    };
    const [before = 0] = await load();
    expect(before).toBeGreaterThan(30);
    await follow((await write(tierNamed('S4'))).operation);
    time += 15 * minute;
    azure.snapshot();
    const [after = 0] = await load();
    expect(after / before).toBeGreaterThan(0.4);
    expect(after / before).toBeLessThan(0.6);
    const [longAgo = 0] = await load(60);
    expect(longAgo / before).toBeGreaterThan(0.4);
    expect(longAgo / before).toBeLessThan(0.6);
  });
});
