import { assessmentCard } from '../../../src/blocks/assessment-card.ts';
import { statusCard } from '../../../src/blocks/status-card.ts';
import { readAssessment } from '../../../src/commands/read-assessment.ts';
import { readEstateStatus } from '../../../src/commands/read-estate-status.ts';
import { resourcesOf, summaryOf } from '../../../src/domain/resource-health.ts';
import type { ResourceHealthPort } from '../../../src/ports/resource-health.ts';
import { portsOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';
import { shownText } from '../../support/shown-text.ts';
import {
  appId,
  gatewayId,
  group,
  never,
  profileId,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  subscription,
} from './scripted-azure.ts';

const status = (id: string, properties?: object) => ({
  id: `${id}/providers/Microsoft.ResourceHealth/AvailabilityStatueses/current`,
  name: 'current',
  ...(properties && { properties }),
});

describe('what Azure says of the health of resources', () => {
  let scripted: ScriptedAzure;
  let clock: ReturnType<typeof steppingClock>;
  let port: ResourceHealthPort;
  beforeAll(async () => {
    scripted = await startScriptedAzure();
  });
  afterAll(() => scripted.close());
  beforeEach(() => {
    clock = steppingClock();
    port = scripted.client({ clock }).resourceHealth;
  });

  it('is one listing for all resources of a subscription, over its pages, and of these resources alone', async () => {
    const next = `${scripted.url}/subscriptions/${subscription}/providers/Microsoft.ResourceHealth/availabilityStatuses?$skipToken=200`;
    scripted.tell(
      { body: { value: [status(gatewayId.toUpperCase(), { availabilityState: 'Available' })], nextLink: next } },
      {
        body: {
          value: [
            status(`${group}/providers/Microsoft.Cache/redis/other`, { availabilityState: 'Unavailable' }),
            status(profileId, { availabilityState: 'Degraded' }),
          ],
        },
      },
    );
    expect(await port.list([gatewayId, profileId, appId], never)).toEqual(
      new Map([
        [gatewayId.toLowerCase(), { state: 'available' }],
        [profileId.toLowerCase(), { state: 'degraded' }],
      ]),
    );
    expect(scripted.asked.map(({ path, query }) => `${path} ${query.get('$skipToken') ?? ''}`)).toEqual([
      `/subscriptions/${subscription}/providers/Microsoft.ResourceHealth/availabilityStatuses `,
      `/subscriptions/${subscription}/providers/Microsoft.ResourceHealth/availabilityStatuses 200`,
    ]);
    expect([...(scripted.asked[0]?.query.keys() ?? [])]).toEqual(['api-version']);
  });

  it('is kept for half a minute, and an answer that failed is not', async () => {
    scripted.tell({ status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } });
    await expect(port.list([gatewayId], never)).rejects.toMatchObject({ code: 'not-allowed' });
    scripted.tell({ body: { value: [status(gatewayId, { availabilityState: 'Available' })] } });
    await port.list([gatewayId], never);
    await clock.sleep(29_000);
    await port.list([gatewayId], never);
    expect(scripted.asked).toHaveLength(1);
    await clock.sleep(1_000);
    scripted.tell({ body: { value: [status(gatewayId, { availabilityState: 'Unavailable' })] } });
    expect((await port.list([gatewayId], never)).get(gatewayId.toLowerCase())).toEqual({ state: 'unavailable' });
  });

  it.each<[string, object | undefined, object]>([
    [
      'the platform’s own doing',
      {
        availabilityState: 'Unavailable',
        reasonType: 'Unplanned',
        context: 'Platform Initiated',
        category: 'Unplanned',
        occuredTime: '2026-05-04T09:12:00.1234567Z',
        summary: 'We are sorry.',
      },
      {
        state: 'unavailable',
        cause: 'platform',
        planned: false,
        since: '2026-05-04T09:12:00.123Z',
        says: 'We are sorry.',
      },
    ],
    [
      'maintenance that was announced',
      { availabilityState: 'Degraded', reasonType: 'Planned', context: null },
      { state: 'degraded', cause: 'platform', planned: true },
    ],
    [
      'somebody’s own doing, by its context',
      { availabilityState: 'Unavailable', reasonType: '', context: 'Customer Initiated', category: 'Not Applicable' },
      { state: 'unavailable', cause: 'customer' },
    ],
    [
      'somebody’s own doing, by its reason',
      { availabilityState: 'Unavailable', reasonType: 'UserInitiated' },
      { state: 'unavailable', cause: 'customer' },
    ],
    [
      'no cause where Azure gives none',
      { availabilityState: 'Unavailable', reasonType: '', context: 'Not Applicable', category: 'Not Applicable' },
      { state: 'unavailable' },
    ],
    [
      'no moment where Azure has none',
      { availabilityState: 'Available', occuredTime: '0001-01-01T00:00:00Z' },
      { state: 'available' },
    ],
    ['a state without a name', { availabilityState: null }, { state: 'unknown' }],
    ['a state that is new', { availabilityState: 'Resting' }, { state: 'unknown' }],
    ['nothing at all', undefined, { state: 'unknown' }],
  ])('tells %s', async (_, properties, health) => {
    scripted.tell({ body: status(gatewayId, properties) });
    expect(await port.find(gatewayId, never)).toEqual(health);
    expect(scripted.asked[0]?.path).toBe(
      `${gatewayId}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    );
  });

  it.each(['UnsupportedResourceType', 'UnsupportedResourceName'])(
    'tells a kind that Azure does not watch (%s) from a resource that is not there',
    async (code) => {
      scripted.tell({ status: 422, body: { error: { code, message: 'Not supported.' } } });
      expect(await port.find(appId, never)).toBeUndefined();
      scripted.tell({ status: 404, body: { error: { code: 'ResourceNotFound', message: 'Not found.' } } });
      await expect(port.find(gatewayId, never)).rejects.toMatchObject({ code: 'not-found' });
    },
  );

  it('asks for nothing that is no resource’s id, and takes no answer of another shape', async () => {
    scripted.tell({ body: { value: [{ name: 'current' }] } });
    for (const id of [group, `${gatewayId}/../x`, `${gatewayId}?a=b`, 'agw-stamps'])
      await expect(port.list([id], never)).rejects.toMatchObject({ code: 'bad-input' });
    expect(scripted.asked).toHaveLength(0);
    await expect(port.list([gatewayId], never)).rejects.toMatchObject({ code: 'bad-response' });
  });
});

describe('Resource Health, the emulated one over HTTPS', () => {
  let azure: RunningAzure;
  let now: number;
  // One for all: MSAL keeps the identity's address for the process.
  beforeAll(async () => {
    now = Date.UTC(2026, 9, 5, 7, 0, 30);
    azure = await startRunningAzure({ now: () => now });
  });
  afterAll(() => azure.close());

  function world() {
    const { estate, ports } = portsOf(azure, () => now);
    const summary = async () => {
      const resources = resourcesOf(estate);
      const ids = resources.map(({ id }) => id);
      return summaryOf(resources, await ports.resourceHealth.list(ids, never));
    };
    const bad = async () =>
      (await summary()).bad.map(({ id, state, cause }) => `${id.split('/').at(-1)} ${state} ${cause}`);
    return { estate, ports, summary, bad };
  }
  const noticed = () => {
    now += 40_000;
  };

  it('watches all that the estate file names but container apps', async () => {
    const { estate, summary, ports } = world();
    const { watched, available, unknown, bad } = await summary();
    expect({ watched, available, unknown, bad }).toEqual({
      watched: resourcesOf(estate).length - estate.cells.length,
      available: watched,
      unknown: 0,
      bad: [],
    });
    const [cell] = estate.cells;
    expect(await ports.resourceHealth.find(cell?.containerAppId ?? '', never)).toBeUndefined();
    expect(await ports.resourceHealth.find(cell?.gatewayId ?? '', never)).toMatchObject({ state: 'available' });
  });

  it('notices a lost region after a while, and that it is Azure’s own doing', async () => {
    const { bad, ports, estate } = world();
    azure.faults.failRegion('eastus');
    now += 1_000;
    expect(await bad()).toEqual([]);
    noticed();
    expect(await bad()).toEqual([
      'agw-stamps unavailable platform',
      'kv-stamps-eastus unavailable platform',
      ...['banking', 'retail', 'healthcare'].flatMap((cell) => [
        `sql-cell-${cell} unavailable platform`,
        `stcell${cell} unavailable platform`,
        `cosmos-cell-${cell} unavailable platform`,
      ]),
      'apim-stamps degraded platform',
      'cosmos-global-stamps degraded platform',
    ]);
    expect(await ports.resourceHealth.find(estate.regions[0]?.gatewayId ?? '', never)).toMatchObject({
      planned: false,
      since: '2026-10-05T07:00:31.000Z',
    });
    azure.faults.healRegion('eastus');
    noticed();
    expect(await bad()).toHaveLength(13);
    noticed();
    expect(await bad()).toEqual([]);
  });

  it('tells what somebody switched off from what broke', async () => {
    const { bad } = world();
    azure.faults.setProfile(false);
    azure.faults.setFrontDoor(false);
    azure.faults.failCell('cell-retail');
    azure.faults.slowStorage('cell-banking', true);
    await bad();
    noticed();
    await bad();
    noticed();
    expect(await bad()).toEqual([
      'tm-stamps unavailable customer',
      'fd-stamps unavailable customer',
      'sql-cell-retail unavailable platform',
      'stcellbanking degraded platform',
    ]);
    azure.faults.setProfile(true);
    azure.faults.setFrontDoor(true);
    azure.faults.healCell('cell-retail');
    azure.faults.slowStorage('cell-banking', false);
  });

  it('stands on the cards: whose doing it is, beside what the bot sees itself', async () => {
    const { estate, clock, ports } = portsOf(azure, () => now);
    const operations = { leases: async () => [], runs: async () => [], paused: async () => undefined };
    const sources = { estate, clock, operations, azure: ports };
    const assess = async () => shownText(assessmentCard(await readAssessment(sources, 10_000), clockText()));
    const status = async () =>
      shownText(
        statusCard(
          await readEstateStatus(sources, estate.cells, { deadlineMs: 10_000, global: true, health: true }),
          'the estate',
          clockText(),
        ),
      );
    const clockText = () => new Date(now).toISOString();
    noticed();
    await status();
    noticed();
    expect(await status()).toContain('▫️ *Azure Resource Health*, minutes behind: ');
    azure.faults.failRegion('eastus');
    azure.faults.setProfile(false);
    now += 1_000;
    // Broken already, and Azure has not noticed yet.
    expect(await assess()).toMatch(/⛔ \*eastus\* .*\n.*\n(⚠️.*\n)*Azure Resource Health, .*finds nothing wrong/);
    noticed();
    const card = await assess();
    expect(card).toMatch(/Azure says: \*tm-stamps\* is unavailable since .*, somebody’s doing, not Azure’s/);
    expect(card).toMatch(
      /Azure says: \*agw-stamps, kv-stamps-eastus, sql-cell-banking\* and 8 more in eastus are unavailable since .*, Azure’s own doing/,
    );
    expect(await status()).toMatch(/🔴 \*Azure Resource Health\*, minutes behind: 12 unavailable, 2 degraded, /);
    azure.faults.healRegion('eastus');
    azure.faults.setProfile(true);
  });
});
