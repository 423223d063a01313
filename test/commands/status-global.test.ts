import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

const row = (subscription: string, calls: number, tooMany = 0, failed = 0) => ({
  subscription,
  calls,
  failed,
  tooMany,
});

function global(rows: ReturnType<typeof row>[] = []) {
  const desk = createDesk();
  const { failures } = desk.azure.regionServices.state;
  desk.azure.logRows.set('by subscription', rows);
  return { desk, failures, shown: () => desk.type('status') };
}

describe('what stands before the regions', () => {
  it('has DNS, with where the public name leads', async () => {
    const { desk, shown } = global();
    expect(await shown()).toContain('✅ *DNS:* stamps.example.net leads to eastus.example.net, answered in 0 ms');
    for (const endpoint of desk.azure.disaster.endpoints.values()) endpoint.enabled = false;
    expect(await shown()).toContain('🔴 *DNS:* has no answer for stamps.example.net');
  });

  it('says of each part that could not be read that it is not known, and why', async () => {
    const { desk, failures, shown } = global();
    failures.set('metrics', new OpsError('throttled', 'Azure asks to wait.'));
    desk.azure.failures.set('logs', new OpsError('timeout', 'The logs did not answer in time.'));
    const card = await shown();
    expect(card).toContain('❔ *Front Door’s cache:* not known');
    expect(card).toContain('• Front Door’s cache: Azure asks to wait.');
    expect(card).toContain('❔ *API use by tenant:* not known');
    expect(card).toContain('• API use by tenant: The logs did not answer in time.');
    expect(card).toContain('✅ *cell-banking*');
  });
});

describe('API Management on the estate’s card', () => {
  const gateway = (location: string, change: object = {}) => ({
    ...{ location, url: '', enabled: true, unreachable: [] as string[] },
    ...change,
  });
  const withGateways = (gateways: ReturnType<typeof gateway>[], provisioningState = 'Succeeded') => {
    const world = global();
    const { state } = world.desk.azure.apim;
    state.service = { ...state.service, provisioningState, gateways };
    return world;
  };
  const [east, west] = [gateway('East US'), gateway('West US')];

  it.each<[string, ReturnType<typeof gateway>[], string, string]>([
    [
      'all reach what they need',
      [east, west],
      'Succeeded',
      '✅ *API Management:* East US, West US reach all that they need',
    ],
    ['the one there is reaches it', [east], 'Succeeded', '✅ *API Management:* East US reaches all that it needs'],
    [
      'one does not',
      [east, gateway('West US', { unreachable: ['sql'] })],
      'Succeeded',
      '🔴 *API Management:* West US can’t reach all that it needs',
    ],
    [
      'one is off',
      [gateway('East US', { enabled: false }), west],
      'Succeeded',
      '⚠️ *API Management:* East US switched off',
    ],
    ['all are off', [gateway('East US', { enabled: false })], 'Succeeded', '🔴 *API Management:* East US switched off'],
    ['it is not settled', [east], 'Updating', '⚠️ *API Management:* its state in Azure is Updating'],
    [
      'nobody knows what one can reach',
      [east, gateway('West US', { unreachable: undefined })],
      'Succeeded',
      '❔ *API Management:* what West US can reach is not known',
    ],
  ])('is one line where %s', async (_, gateways, provisioningState, says) => {
    const card = await withGateways(gateways, provisioningState).shown();
    expect(card.split('\n').filter((line) => line.includes('*API Management:*'))).toHaveLength(1);
    expect(card).toContain(says);
  });

  it('has everybody’s calls, and how many failed', async () => {
    const world = withGateways([east, west]);
    world.desk.azure.logRows.set('by subscription', [row('a', 45_600, 0, 12), row('b', 400, 0, 1)]);
    expect(await world.shown()).toContain('; 46,000 calls in the last 15m, 13 with a 5xx');
    expect(await withGateways([east]).shown()).toContain('; no calls in the last 15m');
  });

  it('is not known where Azure or its log does not answer, and the rest is there', async () => {
    const { desk, shown } = withGateways([east]);
    desk.azure.failures.set('logs', new OpsError('timeout', 'The logs did not answer in time.'));
    expect(await shown()).toContain('✅ *API Management:* East US reaches all that it needs; calls not known');
    desk.azure.apim.state.failures.set('service', new OpsError('unavailable', 'Azure is away.'));
    const card = await shown();
    expect(card).toContain('❔ *API Management:* not known');
    expect(card).toContain('• API Management: Azure is away.');
    expect(card).toContain('✅ *cell-banking*');
  });

  it('is left out where there is none', async () => {
    const { desk, shown } = global();
    desk.azure.apim.state.failures.set('service', new OpsError('not-found', 'Azure has no apim-stamps.'));
    expect(await shown()).not.toContain('*API Management:*');
    expect(await desk.type('status apim')).toContain('• API Management: Azure has no service of this name');
  });
});

describe('Azure’s own word', () => {
  const away = { state: 'unavailable', cause: 'platform', since: '2026-11-24T03:02:00Z' } as const;

  it('stands on each layer’s card, of what is in that layer', async () => {
    const { desk, shown } = global();
    const { regions, cells, trafficManagerId } = desk.estate;
    expect(await shown()).toMatch(/▫️ \*Azure Resource Health\*, minutes behind: \d+ resources available/);
    desk.azure.told.set(trafficManagerId, { ...away, cause: 'customer' });
    desk.azure.told.set(cells[0]?.sqlDatabaseId ?? '', away);
    desk.azure.told.set(regions[1]?.gatewayId ?? '', { ...away, state: 'degraded' });
    const card = await shown();
    expect(card).toContain('🔴 *Azure Resource Health*, minutes behind: 2 unavailable, 1 degraded, ');
    expect(card).toMatch(/• \*tm-stamps\* is unavailable since .*, somebody’s doing, not Azure’s/);
    expect(card).toMatch(/• \*sql-cell-banking\* of cell-banking is unavailable since .*, Azure’s own doing/);
    const east = await desk.type('status region eastus');
    expect(east).toContain('🔴 *Azure Resource Health*, minutes behind: 1 unavailable, ');
    expect(east).not.toContain('tm-stamps');
    expect(await desk.type('status region westus')).toContain('⚠️ *Azure Resource Health*, minutes behind: 1 degraded');
    expect(await desk.type(`status ${cells[0]?.name}`)).toContain('*sql-cell-banking* of cell-banking is unavailable');
    expect(await desk.type('status cell-retail')).not.toContain('sql-cell-banking');
  });

  it('does not change what is said of a cell', async () => {
    const { desk, shown } = global();
    desk.azure.told.set(desk.estate.cells[0]?.sqlDatabaseId ?? '', away);
    expect(await shown()).toContain('✅ *cell-banking* — in service');
  });

  it('is not known where it could not be read, with why, and the rest is there', async () => {
    const { desk, shown } = global();
    desk.azure.failures.set('resourceHealth.list', new OpsError('not-allowed', 'Azure did not let Stamps list it.'));
    const card = await shown();
    expect(card).toContain('❔ *Azure Resource Health:* not known');
    expect(card).toContain('• Azure Resource Health: Azure did not let Stamps list it.');
    expect(card).toContain('✅ *cell-banking*');
  });

  it('stands on API Management’s own card too', async () => {
    const { desk } = global();
    desk.azure.told.set(desk.estate.apim.id, { ...away, state: 'degraded' });
    expect(await desk.type('status apim')).toMatch(
      /⚠️ \*Azure Resource Health\*, minutes behind: degraded since .*own doing/,
    );
    desk.azure.failures.set('resourceHealth.find', new OpsError('unavailable', 'Azure is away.'));
    expect(await desk.type('status apim')).toContain('❔ *Azure Resource Health:* not known');
  });
});

describe('everybody’s use of the API', () => {
  it('is told by tenant, the busiest first, with what was refused and what failed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { shown } = global([
      ...names.map((name, index) => row(`${name}-subscription`, 1_000 - index)),
      row('fabrikam-subscription', 50, 40, 1),
      row('', 10),
    ]);
    const card = await shown();
    expect(card).toContain(
      '*API use by tenant* in the last 15m, as far as the log has come: 7,039 calls of 9 tenants, ⚠️ 40 refused with a 429 (0.57 %), ⚠️ 1 failed with a 5xx (under 0.1 %)\n• a — 1,000 calls (14 %)\n• b — 999',
    );
    expect(card).toContain(
      '• fabrikam — 50 calls (0.71 %), ⚠️ 40 refused with a 429 (80 %), ⚠️ 1 failed with a 5xx (2 %)',
    );
    expect(card).toContain('… (3 more)');
    expect(card).not.toContain('• f — ');
  });

  it('is none where nobody called, and shows names as text', async () => {
    expect(await global().shown()).toContain('as far as the log has come: no calls');
    expect(await global([row('<!channel>', 3)]).shown()).toContain('• &lt;!channel&gt; — 3 calls (100 %)');
    expect(await global([row('', 3)]).shown()).toContain('• without a subscription — 3 calls');
  });

  it('is not asked for by a region or a cell', async () => {
    const { desk } = global([row('a', 1)]);
    for (const typed of ['status region eastus', 'status cell-banking'])
      expect(await desk.type(typed)).not.toContain('API use by tenant');
  });
});
