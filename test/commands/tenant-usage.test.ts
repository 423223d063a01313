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
    // Six hours of its day are left.
    startedAt: desk.clock.clock.now() - 18 * 3_600_000 - 30 * 86_400_000,
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
    expect(shown).toMatch(/⚠️ \*Quota:\* 80 % of 1,000,000 calls in 1d used since .*; it is renewed at /);
    expect(shown).toContain('⚠️ At the pace of the last hour it is used up at');
    expect(shown).toContain('it reaches it in about 2 days');
  });

  it('counts from the beginning of the running period, in quarters of an hour as the report does', async () => {
    const desk = deskWithTenant();
    await desk.type('tenant usage northwind 7d');
    const asked = desk.azure.apim.state.asked.map((each) => (each as [string, number])[1]);
    expect(asked.filter((ms) => ms >= 18 * 3_600_000 && ms < 18.25 * 3_600_000)).toHaveLength(1);
  });

  it('says what is used up, and what the pace leaves', async () => {
    const desk = deskWithTenant();
    const { state } = desk.azure.apim;
    state.hour = { calls: 10_000, failed: 0, blocked: 0 };
    expect(await desk.type('tenant usage northwind')).toContain('At the pace of the last hour: 86 % of it by then');
    state.usage = { calls: 1_000_000, failed: 0, blocked: 0 };
    expect(await desk.type('tenant usage northwind')).toContain('🔴 It is used up: every call gets a 403 until then.');
  });

  it('never takes a period that has just begun, or whose beginning is not known, for an unused quota', async () => {
    const desk = deskWithTenant();
    const { state } = desk.azure.apim;
    state.limits = { ...state.limits, startedAt: desk.clock.clock.now() - 5 * 86_400_000 - 60_000 };
    const fresh = await desk.type('tenant usage northwind');
    expect(fresh).toMatch(
      /❔ \*Quota:\* 1,000,000 calls in 1d, counted anew since .*; Azure’s report has nothing of that/,
    );
    const { startedAt: _, ...limits } = state.limits;
    state.limits = limits;
    expect(await desk.type('tenant usage northwind')).toContain('Azure does not say when the subscription');
  });

  it.each([
    ['expression', 'it is written as an expression, which only the gateway evaluates. Write `calls`'],
    ['named value', 'it is a named value (`{{…}}`). Look it up'],
    ['no renewal', 'it never renews'],
  ] as const)('says why a quota is not known: %s', async (quota, words) => {
    const desk = deskWithTenant();
    desk.azure.apim.state.limits = { product: 'smb-tier', state: 'active', unknown: { quota } };
    expect(await desk.type('tenant usage northwind')).toContain(`❔ *Quota:* not known: ${words}`);
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
    expect(shown).toContain('*Quota:* its product’s policy has none');
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
