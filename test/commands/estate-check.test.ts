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
    desk.azure.failures.set('gateways.defaultPools', new OpsError('unavailable', 'Azure is away.'));
    const unknown = banking.containerAppId.replace(/[^/]+$/, 'ca-forgotten');
    const inventory = { list: async () => [banking.containerAppId.toUpperCase(), unknown] };
    const content = await estateCheck.run('', { ...desk.deps, azure: { ...desk.azure.ports, inventory } } as never);
    const shown = JSON.stringify(content);
    expect(shown).toContain('cell-banking: backend pool cell-banking-backend on gateway');
    expect(shown).toContain('sends its traffic to 10.9.9.9, not to app-cell-retail.example.net');
    expect(shown).toContain('container app ca-forgotten in rg-stamps-');
    expect(shown).toContain('gateway of cell-banking: Azure is away.');
  });

  it('says that Azure is not configured', async () => {
    expect(await createDesk({ withoutAzure: true }).type('estate check')).toContain('Azure is not configured');
  });
});
