import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { dayMs } from '../../../src/domain/duration.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { UpkeepPort } from '../../../src/ports/upkeep.ts';
import { type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';
import { never, type ScriptedAzure, startScriptedAzure, subscription } from './scripted-azure.ts';

const iso = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString();

describe('what maintenance reads of the emulated subscription', () => {
  let azure: RunningAzure;
  let upkeep: UpkeepPort;
  beforeAll(async () => {
    azure = await startRunningAzure();
    upkeep = createAzure({
      estate: parseEstate(azure.estateFile),
      armUrl: azure.armUrl,
      credential: azure.credential,
      clock: systemClock,
    }).upkeep;
  });
  afterAll(() => azure.close());

  it('names resources that are not Succeeded, and no others', async () => {
    expect(await upkeep.notSucceeded(subscriptionId, never)).toEqual([
      { id: expect.stringContaining('redis-stamps-eastus'), type: 'Microsoft.Cache/redis', state: 'Failed' },
    ]);
  });

  it('sums the cost by resource group, the dearest first', async () => {
    const { currency, total, byGroup } = await upkeep.cost(
      subscriptionId,
      iso(7).slice(0, 10),
      iso(0).slice(0, 10),
      never,
    );
    expect(currency).toBe('USD');
    expect(byGroup.map(({ group }) => group).sort()).toEqual(['rg-stamps-dr', 'rg-stamps-production']);
    expect(byGroup[0]?.cost).toBeGreaterThan(byGroup[1]?.cost ?? 0);
    expect(total).toBeCloseTo(
      byGroup.reduce((sum, { cost }) => sum + cost, 0),
      6,
    );
    expect(total).toBeGreaterThan(100);
  });

  it('names unhealthy assessments with the severity that their metadata has', async () => {
    const found = await upkeep.unhealthy(subscriptionId, never);
    expect(found.map(({ severity }) => severity).sort()).toEqual(['High', 'Medium']);
    expect(found.some(({ title }) => title.includes('soft delete'))).toBe(false);
  });

  it('looks for failed backup jobs in all vaults, and takes no job in progress for one', async () => {
    const { found, unread } = await upkeep.failedBackups(subscriptionId, iso(7), iso(0), never);
    expect(unread).toEqual([]);
    expect(found.map(({ vault, item }) => [vault, item]).sort()).toEqual([
      ['rsv-stamps-eastus', 'sqldb-banking'],
      ['rsv-stamps-westus', 'sqldb-retail-dr'],
    ]);
    expect(found[0]?.error).toBe('The snapshot timed out.');
  });

  it('lists the enabled certificates of all vaults', async () => {
    const { found, unread } = await upkeep.certificates(subscriptionId, never);
    expect(unread).toEqual([]);
    expect(found.map(({ name }) => name).sort()).toEqual([
      'api-stamps-example',
      'dr-stamps-example',
      'gateway-stamps-example',
      'gateway-stamps-example',
      'wildcard-stamps-example',
    ]);
  });

  it('tells who may do what, and what is inherited', async () => {
    const found = await upkeep.access(subscriptionId, never);
    expect(found.filter(({ inherited }) => inherited)).toEqual([
      expect.objectContaining({ principalType: 'Group', role: 'Reader' }),
    ]);
    expect(found.map(({ role }) => role).sort()).toEqual(['Contributor', 'Contributor', 'Owner', 'Reader']);
  });

  it('refuses what is no subscription', async () => {
    await expect(upkeep.access('../x', never)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('what maintenance reads, when Azure answers otherwise', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  it('follows pages, and no page elsewhere', async () => {
    const resource = (name: string) => ({ id: `/x/${name}`, type: 'a/b', provisioningState: 'Failed' });
    const next = `${azure.url}/subscriptions/${subscription}/resources?skip=1`;
    azure.tell({ body: { value: [resource('a')], nextLink: next } }, { body: { value: [resource('b')] } });
    expect(await azure.client().upkeep.notSucceeded(subscription, never)).toHaveLength(2);
    azure.tell({ body: { value: [], nextLink: 'https://evil.example/next' } });
    await expect(azure.client().upkeep.notSucceeded(subscription, never)).rejects.toMatchObject({
      code: 'bad-response',
    });
  });

  it('does not ask a key vault that is elsewhere, and names it as unread', async () => {
    const id = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-evil`;
    azure.tell({ body: { value: [{ id, properties: { vaultUri: 'https://evil.example/' } }] } });
    expect(await azure.client().upkeep.certificates(subscription, never)).toEqual({ found: [], unread: ['kv-evil'] });
    expect(azure.asked).toHaveLength(1);
  });

  it('goes on without a backup vault that was deleted since the list, and names one that it may not read', async () => {
    const id = (name: string) =>
      `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/${name}`;
    const job = {
      id: `${id('rsv-b')}/backupJobs/1`,
      properties: { status: 'Failed', entityFriendlyName: 'sqldb', startTime: iso(1) },
    };
    azure.tell(({ path }) => {
      if (path.includes('/rsv-a/'))
        return { status: 404, body: { error: { code: 'ResourceNotFound', message: 'It was not found.' } } };
      if (path.includes('/rsv-b/')) return { body: { value: [job] } };
      if (path.includes('/rsv-c/'))
        return { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } };
      return { body: { value: ['rsv-a', 'rsv-b', 'rsv-c'].map((name) => ({ id: id(name) })) } };
    });
    expect(await azure.client().upkeep.failedBackups(subscription, iso(7), iso(0), never)).toEqual({
      found: [expect.objectContaining({ vault: 'rsv-b', item: 'sqldb' })],
      unread: ['rsv-c'],
    });
  });

  it.each([
    ['a column less', { columns: [{ name: 'Cost' }], rows: [[1]] }],
    [
      'two currencies',
      {
        columns: ['Cost', 'ResourceGroupName', 'Currency'].map((name) => ({ name })),
        rows: [
          [1, 'a', 'EUR'],
          [1, 'b', 'USD'],
        ],
      },
    ],
    ['more than a page', { columns: [], rows: [], nextLink: 'x' }],
  ])('does not guess a cost of %s', async (_, properties) => {
    azure.tell({ body: { properties } });
    await expect(azure.client().upkeep.cost(subscription, '2026-11-18', '2026-11-24', never)).rejects.toMatchObject({
      code: 'bad-response',
    });
  });
});
