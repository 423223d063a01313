import { guideRegions, type RegionLayout, subscriptionId } from '../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const version = 'api-version=2025-05-01';
const list = `/subscriptions/${subscriptionId}/providers/Microsoft.ResourceHealth/availabilityStatuses`;
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production`;
const current = (type: string, name: string) =>
  `${group}/providers/${type}/${name}/providers/Microsoft.ResourceHealth/availabilityStatuses/current?${version}`;

/** The guide's, its first region with so many more cells. */
function regions(more: number): RegionLayout[] {
  const [first, ...others] = guideRegions as [RegionLayout, ...RegionLayout[]];
  const [cell] = first.cells;
  if (!cell) return [];
  const { fallback: _, ...alone } = cell;
  const added = Array.from({ length: more }, (__, index) => ({ ...alone, name: `cell-${index}` }));
  return [{ ...first, cells: [...first.cells, ...added] }, ...others];
}

describe('Resource Health, emulated', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;

  beforeAll(async () => {
    azure = await startRunningAzure({ regions: regions(80) });
    arm = await armOf(azure);
  });
  afterAll(() => azure.close());

  it('lists all resources of the kinds that it watches, page by page', async () => {
    const first = await arm('GET', `${list}?${version}`);
    expect(first.body.value).toHaveLength(200);
    const second = await arm('GET', first.body.nextLink);
    const ids: string[] = [...first.body.value, ...second.body.value].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(second.body).not.toHaveProperty('nextLink');
    expect(ids.filter((id) => /\/(containerApps|automationAccounts)\/[^/]+\/providers/i.test(id))).toEqual([]);
    expect(ids.filter((id) => /\/servers\/[^/]+\/databases\/sql-cell-\d+\//.test(id))).toHaveLength(80);
    expect(first.body.value[0]).toMatchObject({
      name: 'current',
      type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
      properties: { availabilityState: 'Available', reasonType: '', occuredTime: expect.any(String) },
    });
  });

  it('lists those of one group, and takes no notice of a filter', async () => {
    const path = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-dr/providers/Microsoft.ResourceHealth/availabilityStatuses`;
    const { body } = await arm('GET', `${path}?${version}&$filter=properties/availabilityState eq 'Unavailable'`);
    const groups = body.value.map(({ id }: { id: string }) => id.split('/')[4]);
    expect(new Set(groups)).toEqual(new Set(['rg-stamps-dr']));
  });

  it('breaks on its second page where the first was asked for with $expand', async () => {
    const first = await arm('GET', `${list}?${version}&$expand=recommendedactions`);
    expect(first.status).toBe(200);
    expect(await arm('GET', first.body.nextLink)).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidODataQueryOptions' } },
    });
  });

  it.each([
    ['a resource that it watches', current('Microsoft.Network/applicationGateways', 'AGW-stamps'), 200, undefined],
    ['one that never sent anything', current('Microsoft.Cache/redis', 'redis-stamps-eastus'), 200, undefined],
    ['one that is not there', current('Microsoft.KeyVault/vaults', 'kv-other'), 404, 'ResourceNotFound'],
    [
      'a kind that it does not watch',
      current('Microsoft.App/containerApps', 'app-cell-0'),
      422,
      'UnsupportedResourceType',
    ],
    [
      'a history',
      current('Microsoft.KeyVault/vaults', 'kv-stamps-eastus').replace('/current', ''),
      400,
      'NotSupported',
    ],
  ])('answers for %s', async (_, path, status, code) => {
    const answer = await arm('GET', path);
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status, code });
  });

  it('says of what sends nothing that it does not know', async () => {
    const { body } = await arm('GET', current('Microsoft.Cache/redis', 'redis-stamps-eastus'));
    expect(body.properties).toMatchObject({ availabilityState: 'Unknown', context: 'Not Applicable' });
  });
});
