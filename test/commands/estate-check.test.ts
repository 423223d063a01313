import { estateCheck } from '../../src/commands/estate-check.ts';
import { backendPoolId } from '../../src/domain/estate.ts';
import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

describe('estate check', () => {
  it('agrees when file and Azure agree', async () => {
    expect(await createDesk().type('estate check')).toContain('✅ The estate file and Azure agree: 5 cells compared.');
  });

  it('names what is missing, what differs, what the file does not know and what could not be read', async () => {
    const desk = createDesk();
    const [banking, retail] = desk.estate.cells;
    if (!banking || !retail) throw new Error('the estate has no cells');
    desk.azure.pools.delete(backendPoolId(banking));
    desk.azure.pools.set(backendPoolId(retail), ['10.9.9.9']);
    desk.azure.failures.set('containerApps.revisions', new OpsError('unavailable', 'Azure is away.'));
    const unknown = banking.containerAppId.replace(/[^/]+$/, 'ca-forgotten');
    const inventory = { list: async () => [banking.containerAppId.toUpperCase(), unknown] };
    const content = await estateCheck.run('', { ...desk.deps, azure: { ...desk.azure.ports, inventory } } as never);
    const shown = JSON.stringify(content);
    expect(shown).toContain('cell-banking: backend pool cell-banking-backend on gateway');
    expect(shown).toContain('sends its traffic to 10.9.9.9, not to app-cell-retail.example.net');
    expect(shown).toContain('container app ca-forgotten in rg-stamps-');
    expect(shown).toContain('revisions of cell-banking: Azure is away.');
  });

  it('asks each gateway once for all of its cells, and takes one that it cannot read for not known', async () => {
    const desk = createDesk();
    const { gateways } = desk.azure.ports;
    const asked: string[] = [];
    const azure = {
      ...desk.azure.ports,
      gateways: {
        ...gateways,
        poolsOf: (id: string, signal: AbortSignal) => {
          asked.push(id);
          return gateways.poolsOf(id, signal);
        },
      },
    };
    await estateCheck.run('', { ...desk.deps, azure } as never);
    expect(asked.sort()).toEqual([...new Set(desk.estate.cells.map(({ gatewayId }) => gatewayId))].sort());
    desk.azure.failures.set('gateways.poolsOf', new OpsError('throttled', 'Azure had too many requests.'));
    const shown = await desk.type('estate check');
    expect(shown).toMatch(/gateway agw-[\w-]+ in rg-stamps-production: Azure had too many requests\./);
    expect(shown).not.toContain('not in Azure');
    desk.azure.failures.set('gateways.poolsOf', new OpsError('not-found', 'There is none.'));
    expect(await desk.type('estate check')).toContain('cell-banking: gateway agw-');
  });

  it('compares the key vault and the Automation account of each region', async () => {
    const desk = createDesk();
    const { services } = desk.azure;
    const east = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-stamps-production/providers';
    services.delete(`${east}/Microsoft.KeyVault/vaults/kv-stamps-eastus`);
    services.add(`${east}/Microsoft.KeyVault/vaults/kv-of-somebody`);
    services.add(`${east.replace('production', 'dr')}/Microsoft.Automation/automationAccounts/aa-forgotten`);
    const shown = await desk.type('estate check');
    expect(shown).toContain(
      '*In the file, not in Azure*\n• eastus: key vault kv-stamps-eastus in rg-stamps-production',
    );
    expect(shown).toContain(
      '*In Azure, not in the file*\n• Automation account aa-forgotten in rg-stamps-dr: no region names it as “automation”',
    );
    // A region that names its vault may have others beside it.
    expect(shown).not.toContain('kv-of-somebody');
    expect(shown).not.toContain('aa-stamps-eastus');
  });

  it('takes a list that could not be read for not known, not for missing', async () => {
    const desk = createDesk();
    desk.azure.failures.set('inventory.list', new OpsError('not-allowed', 'Stamps may not read it.'));
    const shown = await desk.type('estate check');
    expect(shown).toContain('key vaults in rg-stamps-production: Stamps may not read it.');
    expect(shown).not.toContain('not in Azure');
  });

  it('takes a resource group that is gone for a missing key vault', async () => {
    const desk = createDesk();
    desk.azure.failures.set('inventory.list', new OpsError('not-found', 'There is no such group.'));
    expect(await desk.type('estate check')).toContain('eastus: key vault kv-stamps-eastus in rg-stamps-production');
  });

  it('says which lines to write when a cell works on other stores, as after a swap', async () => {
    const desk = createDesk();
    const swapped = { database: 'sql-cell-banking-r1', account: 'cosmos-cell-banking' };
    const [revision] = desk.azure.revisions.get(desk.estate.cells[0]?.containerAppId ?? '') ?? [];
    desk.azure.recovery.pointers.set(revision?.name ?? '', swapped);
    const shown = await desk.type('estate check');
    expect(shown).toContain('cell-banking: its app works on sql-cell-banking-r1. In the estate file');
    expect(shown).toContain('`sqlDatabase: sql-stamps-eastus/databases/sql-cell-banking-r1`; then start Stamps again.');
    expect(shown).not.toContain('cosmosAccount');
  });

  it('says that Azure is not configured', async () => {
    expect(await createDesk({ withoutAzure: true }).type('estate check')).toContain('Azure is not configured');
  });
});
