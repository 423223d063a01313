import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

function deskWithTenant() {
  const desk = createDesk();
  desk.azure.tenants.push({
    tenantId: 'northwind',
    cell: 'cell-banking',
    region: 'eastus',
    tier: 'smb',
    sla: '99.9',
    compliance: [],
    status: 'active',
  });
  const { state } = desk.azure.apim;
  state.usage = { calls: 800_000, failed: 1_600, blocked: 4_000 };
  state.hour = { calls: 50_000, failed: 0, blocked: 0 };
  state.days = [500_000, 600_000, 700_000, 800_000];
  state.limits = {
    product: 'smb-tier',
    state: 'active',
    rate: { calls: 3_100, periodSeconds: 60 },
    quota: { calls: 1_000_000, periodSeconds: 86_400 },
  };
  desk.azure.logRows.set('ApimSubscriptionId', [{ tooMany: 3_900, failed: 1_500, calls: 800_000 }]);
  return desk;
}

describe('tenant usage', () => {
  it('shows calls, errors, 429s, share of the quota and when it is reached', async () => {
    const shown = await deskWithTenant().type('tenant usage northwind');
    expect(shown).toContain('API use of northwind');
    expect(shown).toContain('active on cell-banking, smb, SLA 99.9');
    expect(shown).toContain('*Calls in 1d:* 800,000\n*Errors:* 1,600 (0.2 %), 400 and 5xx\n*429s:* 3,900 (0.49 %)');
    expect(shown).toContain('*Rate limit:* 3,100 calls in 1m');
    expect(shown).toContain('⚠️ *Quota:* 80 % of 1,000,000 calls in 1d in the last 1d');
    expect(shown).toContain('At the pace of the last hour: 120 % of it — it is reached');
    expect(shown).toContain('it reaches it in about 2 days');
  });

  it('asks for the subscription by the estate’s pattern, over the time that was named', async () => {
    const desk = deskWithTenant();
    expect(await desk.type('tenant usage northwind 7d')).toContain('*Calls in 7d:*');
    expect(desk.azure.apim.state.asked).toContainEqual(['northwind-subscription', 7 * 86_400_000]);
  });

  it('knows that no calls are none, and never takes what failed for none', async () => {
    const desk = deskWithTenant();
    desk.azure.apim.state.usage = undefined;
    desk.azure.apim.state.hour = undefined;
    expect(await desk.type('tenant usage northwind')).toContain('*Calls in 1d:* 0\n*Errors:* 0,');
    desk.azure.apim.state.failures.set('usage', new OpsError('throttled', 'Azure had too many requests.'));
    desk.azure.logRows.clear();
    const shown = await desk.type('tenant usage northwind');
    expect(shown).toContain('*Calls in 1d:* not known');
    expect(shown).toContain('how much of it is used is not known');
    expect(shown).toContain('Azure had too many requests.');
    expect(shown).not.toMatch(/ 0 %|: 0\b/);
  });

  it('says what the report has when the log does not tell the 429s', async () => {
    const desk = deskWithTenant();
    desk.azure.logRows.clear();
    expect(await desk.type('tenant usage northwind')).toContain(
      '*429s:* not known; 4,000 of 401, 403 and 429 together',
    );
  });

  it('shows a subscription that the registry does not know, and a tenant without a quota', async () => {
    const desk = deskWithTenant();
    desk.azure.tenants.length = 0;
    desk.azure.apim.state.limits = { product: 'internal', state: 'active' };
    const shown = await desk.type('tenant usage northwind');
    expect(shown).toContain('not in the tenant registry');
    expect(shown).toContain('*Quota:* none as a plain number');
  });

  it('refuses a tenant that nobody knows, and what is no tenant’s id', async () => {
    const desk = deskWithTenant();
    desk.azure.apim.state.failures.set('limits', new OpsError('not-found', 'It is not there.'));
    expect(await desk.type('tenant usage nobody')).toContain('There is no tenant “nobody”.');
    expect(await desk.type('tenant usage northwind')).toContain(
      'API Management has no subscription northwind-subscription',
    );
    expect(await desk.type(`tenant usage "x' or 1 eq 1"`)).toContain('is not a tenant’s id');
    expect(await desk.type('tenant usage')).toContain('Which tenant?');
    expect(await desk.type('tenant usage northwind 1m')).toContain('too short');
    expect(await createDesk({ withoutAzure: true }).type('tenant usage northwind')).toContain(
      'Azure is not configured',
    );
  });
});
